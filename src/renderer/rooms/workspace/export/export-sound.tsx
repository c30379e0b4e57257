import { FileInput, Group, Radio, Stack } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import {
  exportedPart,
  initialTake,
  SOURCE_SOUND,
  stretchOf,
  type Take,
  takeSeconds,
} from '../../../../shared/domain/take.ts';
import { timecode } from '../../../../shared/domain/timecode.ts';
import { SOUND_FILES } from '../sounds/use-file-drop.ts';
import { useTake } from '../../../take/use-take.tsx';

/** What an export says. */
export type ExportSound =
  { readonly kind: 'take' } | { readonly kind: 'source' } | { readonly kind: 'file'; readonly file: File | null };

/**
 * The timeline once somebody put something on it or moved something there; before that the video's own sound, if it has
 * one.
 */
export function useUsualSound(project: ProjectDetail): ExportSound {
  const { take } = useTake();
  if (takeSeconds(take) > 0 && !isPlain(take, project)) return { kind: 'take' };
  return hasOwnSound(project)
    ? { kind: 'source' }
    : takeSeconds(take) > 0
      ? { kind: 'take' }
      : { kind: 'file', file: null };
}

function isPlain(take: Take, { source }: ProjectDetail): boolean {
  return JSON.stringify(exportedPart(take)) === JSON.stringify(exportedPart(initialTake(source)));
}

const hasOwnSound = ({ sounds }: ProjectDetail): boolean => sounds.some(({ id }) => id === SOURCE_SOUND);

export function ExportSoundChoice({
  project,
  value,
  onChange,
}: {
  readonly project: ProjectDetail;
  readonly value: ExportSound;
  readonly onChange: (sound: ExportSound) => void;
}) {
  const { take } = useTake();
  const empty = takeSeconds(take) === 0;
  const own = hasOwnSound(project);
  const { fps, duration } = project.source;
  const said = {
    take: empty ? 'There is no sound on it yet.' : partOf(take, fps),
    source: own ? timecode(duration, fps) : 'It has none.',
    file: 'From its beginning to its end.',
  }[value.kind];
  return (
    <Stack gap="xs">
      <Radio.Group
        label="What it says"
        value={value.kind}
        onChange={(kind) => onChange(kind === 'file' ? { kind, file: null } : { kind: kind as 'take' | 'source' })}
        description={said}
        className="export-said"
      >
        <Group gap="md" mt={4}>
          <Radio size="xs" value="take" label="The timeline" disabled={empty} />
          <Radio size="xs" value="source" label="The video’s own" disabled={!own} />
          <Radio size="xs" value="file" label="A sound file" />
        </Group>
      </Radio.Group>
      {value.kind === 'file' && (
        <FileInput
          size="xs"
          aria-label="Sound file"
          placeholder="WAV, MP3, M4A, FLAC…"
          accept={SOUND_FILES}
          value={value.file}
          onChange={(file) => onChange({ kind: 'file', file })}
          clearable
          clearButtonProps={{ 'aria-label': 'Take another file' }}
        />
      )}
    </Stack>
  );
}

/** "00:00:01:00 to 00:00:03:00, 2.00 s": the frames that will be written. */
function partOf(take: Take, fps: number): string {
  const { first, frames } = stretchOf(take, fps);
  const length = `${(frames / fps).toFixed(2)} s, ${frames} frames`;
  const [from, to] = [first, first + frames].map((frame) => timecode(frame / fps, fps));
  return take.range ? `From the in to the out point: ${from} to ${to}, ${length}` : `All of it: ${length}`;
}
