import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { Checkpoint, Draws } from '../../../../shared/contract/manifest.ts';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active } from '../../../jobs/use-job.ts';
import { CheckpointName, useAgo } from '../checkpoint/checkpoint-name.tsx';
import { useCheckpoint } from '../checkpoint/use-checkpoint.ts';

/** The avatar of the newest checkpoint, live in the viewer before the training is done. */
export function TryIt({
  project,
  training,
  watching,
  onWatch,
}: {
  readonly project: ProjectDetail;
  readonly training: boolean;
  readonly watching: boolean;
  readonly onWatch: () => void;
}) {
  const { checkpoint, trained } = project;
  const { job, make, drop } = useCheckpoint(project, onWatch);
  if (!checkpoint && !training) return null;
  const failed = job?.status === 'failed' || job?.status === 'interrupted';
  return (
    <Stack gap="xs" component="section" aria-label="Preview of the training">
      <Title order={2} size="h5">
        See it live
      </Title>
      {!checkpoint && (
        <Text size="sm" c="dimmed">
          {trained
            ? 'The avatar that is there can be used meanwhile.'
            : 'The instant avatar comes first, and can be used as soon as it is there.'}{' '}
          What a training has come to can be tried here once a checkpoint is saved.
        </Text>
      )}
      {checkpoint?.shown && <Shown checkpoint={checkpoint.shown} draws={checkpoint.draws} />}
      {checkpoint && !checkpoint.shown && !active(job) && <Offer savedAt={checkpoint.savedAt} training={training} />}
      {job && (active(job) || failed) && <JobProgress job={job} />}
      {checkpoint && !active(job) && (
        <Group gap="xs">
          {!checkpoint.shown && (
            <Button size="compact-sm" onClick={make}>
              Try it now
            </Button>
          )}
          {checkpoint.shown && !watching && (
            <Button size="compact-sm" onClick={onWatch}>
              Show it live
            </Button>
          )}
          {checkpoint.newer && (
            <Button size="compact-sm" variant="default" onClick={make}>
              Newer one
            </Button>
          )}
          {checkpoint.shown && trained && (
            <Button size="compact-sm" variant="default" onClick={drop}>
              Back to the finished avatar
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}

function Offer({ savedAt, training }: { readonly savedAt: string; readonly training: boolean }) {
  const ago = useAgo(savedAt);
  return (
    <Text size="sm" c="dimmed">
      An avatar of the newest checkpoint, saved {ago}. It takes some seconds
      {training ? ', and the training goes on meanwhile' : ''}.
    </Text>
  );
}

function Shown({ checkpoint, draws }: { readonly checkpoint: Checkpoint; readonly draws: Draws | null }) {
  return (
    <Stack gap={0}>
      <Text size="sm">
        <CheckpointName checkpoint={checkpoint} />
      </Text>
      <Text size="sm" c="dimmed">
        {draws === 'closed'
          ? 'It shows the video’s own frames, which are still closer to frames never seen than what is trained. '
          : 'It shows what is trained. '}
        Its mouth follows any speech; this person’s own way of speaking is learned at the end.
      </Text>
    </Stack>
  );
}
