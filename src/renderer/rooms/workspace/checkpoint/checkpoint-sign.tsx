import { Button } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useFollowed } from '../../../ground/store.ts';
import type { LiveAvatar } from '../../../live/live-avatar.ts';
import { active } from '../../../jobs/use-job.ts';
import { CheckpointName } from './checkpoint-name.tsx';
import { useCheckpoint } from './use-checkpoint.ts';

/** Says over the picture that the avatar in it is not a finished one, as long as that is so. */
export function CheckpointSign({
  project,
  live,
}: {
  readonly project: ProjectDetail;
  readonly live: LiveAvatar | null;
}) {
  const checkpoint = useFollowed(live, () => (live?.state.kind === 'ready' ? live.state.checkpoint : null));
  const { job, make } = useCheckpoint(project);
  if (!checkpoint) return null;
  return (
    <div className="viewer-sign" role="status">
      <span>
        <CheckpointName checkpoint={checkpoint} />
      </span>
      {project.checkpoint?.newer && (
        <Button size="compact-xs" variant="white" color="dark" loading={active(job)} onClick={make}>
          Newer one
        </Button>
      )}
    </div>
  );
}
