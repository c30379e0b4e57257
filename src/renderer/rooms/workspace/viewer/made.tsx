import { Button, Group, Text } from '@mantine/core';
import { endingOf, FRAME_ENDING, shownAs } from '../../../../shared/domain/film/index.ts';
import { media } from '../../../ground/host/media.ts';
import { Film } from './film.tsx';
import './made.css';

/**
 * Something finished, shown instead of the moment: a training's picture of held-out frames, or an exported film or
 * frame.
 */
export type Made =
  { readonly kind: 'proof'; readonly name: string } | { readonly kind: 'export'; readonly name: string };

export function MadeView({
  projectId,
  fps,
  made,
  onBack,
}: {
  readonly projectId: string;
  readonly fps: number;
  readonly made: Made;
  readonly onBack?: (() => void) | undefined;
}) {
  return (
    <div className="viewer-made">
      <Group component="header" className="viewer-bar" justify="space-between" wrap="nowrap">
        <Text size="sm" truncate>
          {made.kind === 'proof' ? <strong>Held-out frames</strong> : <strong>{made.name}</strong>}
        </Text>
        {onBack && (
          <Button size="compact-sm" variant="default" style={{ flex: 'none' }} onClick={onBack}>
            Back to the viewer
          </Button>
        )}
      </Group>
      {made.kind === 'proof' ? (
        <figure className="held-out">
          <img
            src={media.proof(projectId, made.name)}
            alt="Held-out frames: the avatar so far above, the video below"
          />
          <Text component="figcaption" size="sm" c="dimmed">
            Above: the avatar so far. Below: the same frames of the video, which it is not trained on.
          </Text>
        </figure>
      ) : shownAs(made.name) === 'image' ? (
        <figure className="held-out">
          <img
            src={media.export(projectId, made.name)}
            alt={endingOf(made.name) === FRAME_ENDING ? 'A frame of a take' : 'A film of a take'}
          />
        </figure>
      ) : (
        <Film key={made.name} projectId={projectId} name={made.name} fps={fps} />
      )}
    </div>
  );
}
