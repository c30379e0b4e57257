import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { media } from '../../../ground/host/media.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJob } from '../../../jobs/use-job.ts';

/** The held-out frames to look at: filmed, without training, and as the avatar draws them. */
export function Evaluation({ project: { id, evaluation } }: { readonly project: ProjectDetail }) {
  const { client } = useStudio();
  const job = useJob(id, 'evaluate');
  const failed = job?.status === 'failed' || job?.status === 'interrupted';
  return (
    <Stack gap="xs" component="section" aria-label="Report on held-out frames">
      {evaluation && (
        // The clip's own words, which nobody wrote down.
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video
          src={media.evaluation(id, evaluation.film, evaluation.version)}
          aria-label="Held-out frames: as filmed, without training, and as the avatar draws them"
          controls
          loop
          playsInline
          preload="metadata"
          style={{ width: '100%' }}
        />
      )}
      {job && (active(job) || failed) && <JobProgress job={job} />}
      {!active(job) && (
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => void client.work.evaluate({ id }).catch(tell)}>
            {evaluation ? 'Measure again' : 'Measure and compare'}
          </Button>
          {evaluation && (
            <Anchor size="sm" href={`${media.evaluation(id, evaluation.page, evaluation.version)}&download`}>
              Download the report
            </Anchor>
          )}
        </Group>
      )}
      {!evaluation && !active(job) && (
        <Text size="sm" c="dimmed">
          Shows these frames side by side, as a film and with more figures. It takes some minutes.
        </Text>
      )}
    </Stack>
  );
}
