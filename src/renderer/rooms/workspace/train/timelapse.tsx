import { Button, Group, Slider, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';

/** Which of the training's pictures is shown: the newest as it comes, or one that somebody went back to. */
type Place = { readonly kind: 'newest' } | { readonly kind: 'at'; readonly name: string };

/**
 * The strip of held-out frames, from its first blur to now. `onProof` null: the newest, and each new one as it comes.
 * `watching`: it is what the viewer shows.
 */
export function Timelapse({
  project,
  watching,
  onProof,
}: {
  readonly project: ProjectDetail;
  readonly watching: boolean;
  readonly onProof: (name: string | null) => void;
}) {
  const { proofs } = project;
  const [place, setPlace] = useState<Place>({ kind: 'newest' });
  const newest = proofs.at(-1);
  if (newest === undefined || proofs.length < 2) return null;
  const found = place.kind === 'newest' ? -1 : proofs.indexOf(place.name);
  const index = found < 0 ? proofs.length - 1 : found;
  return (
    <Stack gap={4} component="section" aria-label="Timelapse of the held-out frames">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" id="timelapse">
          Held-out frames at step {stepOf(proofs[index]!).toLocaleString('en')}
          {index === proofs.length - 1 ? ', the newest' : ''}
        </Text>
        {!watching && (
          <Button
            size="compact-sm"
            variant="default"
            style={{ flex: 'none' }}
            onClick={() => onProof(place.kind === 'newest' ? null : place.name)}
          >
            Show
          </Button>
        )}
      </Group>
      <Slider
        aria-labelledby="timelapse"
        thumbLabel="Held-out frames, by training step"
        value={index}
        min={0}
        max={proofs.length - 1}
        step={1}
        label={(value) => `step ${stepOf(proofs[value] ?? newest)}`}
        onChange={(value) => {
          const name = value === proofs.length - 1 ? null : (proofs[value] ?? null);
          setPlace(name === null ? { kind: 'newest' } : { kind: 'at', name });
          onProof(name);
        }}
      />
    </Stack>
  );
}

/** "2.proof-000400.jpg" -> 400. */
function stepOf(name: string): number {
  return Number(/-(\d+)/.exec(name)?.[1] ?? 0);
}
