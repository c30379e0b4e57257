import { Button, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJob } from '../../../jobs/use-job.ts';

/** Has the source written as pictures when that has not been done yet, and says how far it is. */
export function PicturesJob({ project }: { readonly project: ProjectDetail }) {
  const { client, queries } = useStudio();
  const known = useQuery(queries.jobs.list.queryOptions()).isSuccess;
  const job = useJob(project.id, 'pictures');
  const wanted = known && (job === undefined || job.status === 'done');
  useEffect(() => {
    if (wanted) client.work.pictures({ id: project.id }).catch(tell);
  }, [client, project.id, wanted]);
  if (!job || job.status === 'done') return <Loader size="sm" aria-label="Preparing the video for viewing" />;
  return (
    <Stack className="viewer-note" gap="xs">
      <Text size="sm" fw={600}>
        {active(job) ? 'Preparing the video for viewing' : 'The video could not be prepared for viewing'}
      </Text>
      <JobProgress job={job} />
      {!active(job) && !job.resumable && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => client.work.pictures({ id: project.id }).catch(tell)}
        >
          Try again
        </Button>
      )}
    </Stack>
  );
}
