import { Button, Loader, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { Detail } from '../../../ground/errors.tsx';
import { go } from '../../../ground/route.ts';
import { useFollowed } from '../../../ground/store.ts';
import type { LiveAvatar } from '../../../live/live-avatar.ts';
import { active, useJob } from '../../../jobs/use-job.ts';
import { useCheckpoint } from '../checkpoint/use-checkpoint.ts';

/** Why there is no picture of the avatar yet, and what to do; null when there is one. */
export function NoAvatar({
  project,
  live,
  shown,
}: {
  readonly project: ProjectDetail;
  readonly live: LiveAvatar | null;
  readonly shown: boolean;
}) {
  const state = useFollowed(live, () => live?.state ?? null);
  const problem = useFollowed(live, () => live?.problem ?? null);
  const training = active(useJob(project.id, 'train'));
  const checkpoint = useCheckpoint(project);
  if (!live) {
    if (active(checkpoint.job)) {
      return (
        <Note title="Making the preview…" text="An avatar of the newest checkpoint.">
          <Loader size="sm" aria-hidden />
        </Note>
      );
    }
    if (project.checkpoint) {
      return (
        <Note
          title={training ? 'The avatar is being trained.' : 'The training was stopped.'}
          text="What it has learned so far can be seen and heard here, in some seconds."
        >
          <Button size="compact-sm" onClick={checkpoint.make}>
            Try it now
          </Button>
        </Note>
      );
    }
    return (
      <Note
        title={training ? 'The avatar is being trained.' : 'There is no avatar yet.'}
        text={
          training
            ? 'The instant avatar comes first, and shows here as soon as it is there.'
            : 'Train it, then it can be seen and compared here.'
        }
      >
        <Button size="compact-sm" onClick={() => go({ kind: 'project', id: project.id, step: 'train' })}>
          {training ? 'Look at the training' : 'Go to Train'}
        </Button>
      </Note>
    );
  }
  const error = state?.kind === 'failed' ? state.error : problem;
  if (error) {
    return (
      <Note title={error.message} text={error.hint}>
        <Detail text={error.detail} />
        {state?.kind === 'failed' && (
          <Button size="compact-sm" variant="default" onClick={() => live?.open()}>
            Try again
          </Button>
        )}
      </Note>
    );
  }
  if (shown) return null;
  return (
    <Note title={state?.kind === 'ready' ? 'Drawing the avatar…' : 'Opening the avatar…'} text="">
      <Loader size="sm" aria-hidden />
    </Note>
  );
}

function Note({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <Stack className="viewer-note" gap="xs" role="status" align="flex-start">
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {text !== '' && (
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      )}
      {children}
    </Stack>
  );
}
