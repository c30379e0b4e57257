import { Button, Text } from '@mantine/core';
import { media } from '../../host/media.ts';

/** Something finished, shown instead of the moment: a training's picture of held-out frames, or an exported video. */
export type Made = { readonly kind: 'preview'; readonly name: string } | { readonly kind: 'export'; readonly name: string };

export function MadeView({ projectId, made, onBack }: { readonly projectId: string; readonly made: Made; readonly onBack?: (() => void) | undefined }) {
  return (
    <div className="viewer viewer-made">
      {made.kind === 'preview' ? (
        <figure className="held-out">
          <img src={media.preview(projectId, made.name)} alt="Held-out frames: the avatar so far above, the video below" />
          <Text component="figcaption" size="sm" c="dimmed">
            Above: the avatar so far. Below: the same frames of the video, which it is not trained on.
          </Text>
        </figure>
      ) : (
        <video key={made.name} controls src={media.export(projectId, made.name)} aria-label={`Exported video ${made.name}`} />
      )}
      {onBack && (
        <Button className="viewer-back" size="compact-sm" variant="default" onClick={onBack}>
          Back to the viewer
        </Button>
      )}
    </div>
  );
}
