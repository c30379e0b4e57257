import type { Take } from '../../../shared/domain/take.ts';
import { type Avatar, type Span, SPEECH_RATE, type Spoken, type Variation } from '../engine/index.ts';
import type { MediaTools, Sound } from '../media/index.ts';
import { mixTake, type SoundLookup } from './mix.ts';

/** What an avatar is to hear. */
export interface HeardSound {
  readonly samples: Float32Array; // mono at 16 kHz, -1..1
  /** The frame of the timeline that it begins at. */
  readonly begins: number;
  /** Where it is known that lips meet in it, seconds of the timeline. */
  readonly closures?: readonly Span[];
}

/** What an avatar makes of a sound: a row for each frame of the timeline from `begins` on. */
export interface Said extends Spoken {
  readonly begins: number;
}

/** Everything that some clips say, from the timeline's beginning, as it is heard. Raises what `mixTake` raises. */
export function wholeSound(
  tools: MediaTools,
  sounds: SoundLookup,
  take: Pick<Take, 'clips'>,
  signal?: AbortSignal,
): Promise<Sound> {
  return mixTake(tools, sounds, take, { rate: SPEECH_RATE, channels: 1, signal });
}

/**
 * Has an avatar hear a sound, once: rows from where it begins to `end`, a frame of the timeline; behind its last sample
 * it is silent. Raises StudioError('bad-audio' | 'bad-bundle'), and the signal's reason.
 */
export async function hear(
  avatar: Pick<Avatar, 'speak'>,
  { samples, begins, closures = [] }: HeardSound,
  {
    fps,
    end,
    variation,
    signal,
  }: {
    readonly fps: number;
    readonly end: number;
    readonly variation?: Variation | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Said> {
  const frames = end - begins;
  const silent = Math.round(((frames - 1) / fps) * SPEECH_RATE) - samples.length;
  const sound = silent > 0 ? new Float32Array(samples.length + silent + SPEECH_RATE) : samples;
  if (sound !== samples) sound.set(samples);
  const before = begins / fps;
  const known = closures.map(({ from, to }) => ({ from: from - before, to: to - before })).filter(({ to }) => to > 0);
  const spoken = await avatar.speak(sound, fps, frames, { variation, closures: known, signal });
  const accents =
    begins === 0 ? spoken.accents : spoken.accents.map((value, k) => (k % 2 === 0 ? value + begins / fps : value));
  return { ...spoken, accents, begins };
}
