import { Button } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { LiveAvatar } from '../../../live/live-avatar.ts';
import { active } from '../../../jobs/use-job.ts';
import { PreviewName } from './try-it.tsx';
import { usePreview } from './use-preview.ts';

const nothing = () => () => undefined;

/** Says over the picture that the avatar in it is not a finished one, as long as that is so. */
export function PreviewSign({ project, live }: { readonly project: ProjectDetail; readonly live: LiveAvatar | null }) {
  const checkpoint = useSyncExternalStore(live?.subscribe ?? nothing, () =>
    live?.state.kind === 'ready' ? live.state.checkpoint : null,
  );
  const { job, make } = usePreview(project);
  if (!checkpoint) return null;
  return (
    <div className="viewer-sign" role="status">
      <span>
        <PreviewName checkpoint={checkpoint} />
      </span>
      {project.checkpoint?.newer && (
        <Button size="compact-xs" variant="white" color="dark" loading={active(job)} onClick={make}>
          Newer one
        </Button>
      )}
    </div>
  );
}
