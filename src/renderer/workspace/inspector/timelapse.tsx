import { Slider, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ProjectDetail } from '../../../shared/contract/studio.ts';

/** Which of the training's pictures is shown: the newest as it comes, or one that somebody went back to. */
type Place = { readonly kind: 'newest' } | { readonly kind: 'at'; readonly name: string };

/** The strip of held-out frames, from its first blur to now. */
export function Timelapse({ project, following, onPreview }: { readonly project: ProjectDetail; readonly following: boolean; readonly onPreview: (name: string) => void }) {
  const { previews } = project;
  const [place, setPlace] = useState<Place>({ kind: 'newest' });
  const newest = previews.at(-1);
  useEffect(() => {
    // While it trains, each new picture is shown as it comes, unless somebody looks at an old one.
    if (following && newest !== undefined && place.kind === 'newest') onPreview(newest);
    // oxlint-disable-next-line react/exhaustive-deps -- a new picture is the occasion, not a new closure
  }, [newest, following]);
  if (newest === undefined || previews.length < 2) return null;
  const found = place.kind === 'newest' ? -1 : previews.indexOf(place.name);
  const index = found < 0 ? previews.length - 1 : found;
  return (
    <Stack gap={4} component="section" aria-label="Timelapse of the held-out frames">
      <Text size="sm" id="timelapse">
        Held-out frames at step {stepOf(previews[index]!)}
        {index === previews.length - 1 ? ', the newest' : ''}
      </Text>
      <Slider
        aria-labelledby="timelapse"
        thumbLabel="Held-out frames, by training step"
        value={index}
        min={0}
        max={previews.length - 1}
        step={1}
        label={(value) => `step ${stepOf(previews[value] ?? newest)}`}
        onChange={(value) => {
          const name = previews[value] ?? newest;
          setPlace(value === previews.length - 1 ? { kind: 'newest' } : { kind: 'at', name });
          onPreview(name);
        }}
      />
    </Stack>
  );
}

/** "preview-000400.jpg" -> 400. */
function stepOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}
