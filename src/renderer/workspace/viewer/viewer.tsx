import { Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { media } from '../../host/media.ts';

export type Shown = { readonly kind: 'source' } | { readonly kind: 'preview'; readonly name: string } | { readonly kind: 'export'; readonly name: string };

/** The source, the newest training preview, or a finished export. */
export function Viewer({ projectId, shown, seekTo }: { readonly projectId: string; readonly shown: Shown; readonly seekTo?: { readonly seconds: number } | undefined }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (seekTo && video.current) video.current.currentTime = seekTo.seconds;
  }, [seekTo]);
  switch (shown.kind) {
    case 'source':
      return (
        <div className="viewer">
          <video ref={video} key="source" controls src={media.source(projectId)} aria-label="Source video" />
        </div>
      );
    case 'preview':
      return (
        <div className="viewer">
          <figure className="held-out">
            <img src={media.preview(projectId, shown.name)} alt="Held-out frames: the avatar so far above, the video below" />
            <Text component="figcaption" size="sm" c="dimmed">
              Above: the avatar so far. Below: the same frames of the video, which it is not trained on.
            </Text>
          </figure>
        </div>
      );
    case 'export':
      return (
        <div className="viewer">
          <video key={shown.name} controls src={media.export(projectId, shown.name)} aria-label={`Exported video ${shown.name}`} />
        </div>
      );
  }
}
