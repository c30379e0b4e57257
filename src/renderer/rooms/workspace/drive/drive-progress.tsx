import { Button, Group, Text } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { Store, useStore } from '../../../ground/store.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJobsOf } from '../../../jobs/use-job.ts';

/** A job that went wrong and was read about. */
const read = new Store<string | null>(null);

/** How far another video is on its way to a take; of one that failed, why. */
export function DriveProgress({ project }: { readonly project: ProjectDetail }) {
  const [job] = useJobsOf(project.id, 'drive');
  const readJob = useStore(read);
  if (!job) return null;
  if (active(job))
    return (
      <section aria-label="Driving from a video">
        <Text size="sm" fw={600}>
          Driving from a video
        </Text>
        <JobProgress job={job} />
      </section>
    );
  if ((job.status !== 'failed' && job.status !== 'interrupted') || readJob === job.id) return null;
  return (
    <section aria-label="Driving from a video">
      <JobProgress job={job} />
      <Group justify="flex-end">
        <Button size="compact-sm" variant="subtle" onClick={() => read.set(job.id)}>
          Close
        </Button>
      </Group>
    </section>
  );
}
