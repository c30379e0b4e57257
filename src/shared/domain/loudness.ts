import type { SoundClip, Take } from './take.ts';
import { GAIN } from './take.ts';

// How loud the clips of a take are: the same sums for what is heard live, for films, and for what is heard of speech.

/** The clips that are heard: none of a muted sound, and where clips of solo sounds are there, only those. */
export function heardClips({ clips, muted, solo }: Pick<Take, 'clips' | 'muted' | 'solo'>): readonly SoundClip[] {
  const alone = clips.some(({ sound }) => solo.includes(sound));
  return clips.filter(({ sound }) => !muted.includes(sound) && (!alone || solo.includes(sound)));
}

/** By what samples are multiplied. */
export const factorOf = (decibels: number): number => 10 ** (decibels / 20);

/** Its fades as they are heard, seconds: where they are longer than the clip they share it. */
export function fadesOf({ seconds, fadeIn = 0, fadeOut = 0 }: SoundClip): {
  readonly fadeIn: number;
  readonly fadeOut: number;
} {
  const share = Math.min(1, seconds / Math.max(fadeIn + fadeOut, 1e-9));
  return { fadeIn: fadeIn * share, fadeOut: fadeOut * share };
}

/** Whether it is heard as it was recorded. */
export const isPlain = ({ gain = GAIN.usual, fadeIn = 0, fadeOut = 0 }: SoundClip): boolean =>
  gain === GAIN.usual && fadeIn === 0 && fadeOut === 0;

/** By what its samples are multiplied, `into` seconds from its beginning: straight lines in and out of silence. */
export function loudnessOf(clip: SoundClip): (into: number) => number {
  const { fadeIn, fadeOut } = fadesOf(clip);
  const factor = factorOf(clip.gain ?? GAIN.usual);
  return (into) => {
    const risen = fadeIn > 0 ? into / fadeIn : 1;
    const left = fadeOut > 0 ? (clip.seconds - into) / fadeOut : 1;
    return factor * Math.min(1, Math.max(0, Math.min(risen, left)));
  };
}

/** A moment of a clip, seconds from its beginning, and how loud it is there. Between two of them it is a line. */
export interface Corner {
  readonly into: number;
  readonly factor: number;
}

/** The loudness of part of a clip as lines: its corners, from the part's first moment to its last. */
export function cornersOf(clip: SoundClip, from = 0, to = clip.seconds): readonly Corner[] {
  const { fadeIn, fadeOut } = fadesOf(clip);
  const at = loudnessOf(clip);
  const between = [fadeIn, clip.seconds - fadeOut].filter((into) => into > from && into < to);
  return [...new Set([from, ...between, to])].map((into) => ({ into, factor: at(into) }));
}

/** Above this a sum is bent towards 1 instead of cut off there. */
const KNEE = 0.8;

/** The identity below the knee, then a hyperbolic tangent of the same slope that never passes 1. */
export function softened(sample: number): number {
  const above = Math.abs(sample) - KNEE;
  return above <= 0 ? sample : Math.sign(sample) * (KNEE + (1 - KNEE) * Math.tanh(above / (1 - KNEE)));
}

/** A sound alone is within -1..1; only where two sound at once, or one is made louder, can the sum be outside. */
export function mayBeTooLoud(clips: readonly SoundClip[]): boolean {
  const sorted = clips.toSorted((a, b) => a.at - b.at);
  return sorted.some(
    ({ at, seconds, gain = GAIN.usual }, k) =>
      gain > GAIN.usual || (k + 1 < sorted.length && sorted[k + 1]!.at < at + seconds),
  );
}

// Edits. Each answers with the same take when there is nothing to do.

/** dB of some clips; what is usual is not written down. */
export function setGain(take: Take, ids: ReadonlySet<string>, decibels: number): Take {
  const gain = Math.min(Math.max(decibels, GAIN.least), GAIN.most);
  return withLoudness(take, ids, () => ({ gain: gain === GAIN.usual ? undefined : gain }));
}

/** How long the fade at one end of some clips is, seconds: no longer than what the other one leaves of each. */
export function setFade(take: Take, ids: ReadonlySet<string>, end: 'in' | 'out', seconds: number): Take {
  return withLoudness(take, ids, (clip) => {
    const { fadeIn, fadeOut } = fadesOf(clip);
    const most = clip.seconds - (end === 'in' ? fadeOut : fadeIn);
    const fade = Math.min(Math.max(0, seconds), most) || undefined;
    return end === 'in' ? { fadeIn: fade } : { fadeOut: fade };
  });
}

type Loudness = Pick<SoundClip, 'gain' | 'fadeIn' | 'fadeOut'>;

function withLoudness(take: Take, ids: ReadonlySet<string>, change: (clip: SoundClip) => Loudness): Take {
  const clips = take.clips.map((clip) => {
    if (!ids.has(clip.id)) return clip;
    const { gain, fadeIn, fadeOut, ...plain } = clip;
    const loudness = { gain, fadeIn, fadeOut, ...change(clip) };
    if (loudness.gain === gain && loudness.fadeIn === fadeIn && loudness.fadeOut === fadeOut) return clip;
    const said = Object.entries(loudness).filter(([, value]) => value !== undefined);
    return { ...plain, ...Object.fromEntries(said) };
  });
  return clips.some((clip, place) => clip !== take.clips[place]) ? { ...take, clips } : take;
}

/** No clip of these sounds is heard, or all are again. */
export function setSoundsMuted(take: Take, sounds: Iterable<string>, muted: boolean): Take {
  return { ...take, muted: marked(take.muted, sounds, muted) };
}

/** While any sound is solo only those are heard. */
export function setSoundsSolo(take: Take, sounds: Iterable<string>, solo: boolean): Take {
  return { ...take, solo: marked(take.solo, sounds, solo) };
}

function marked(before: readonly string[], sounds: Iterable<string>, on: boolean): string[] {
  const now = new Set(before);
  for (const sound of sounds)
    if (on) now.add(sound);
    else now.delete(sound);
  return [...now];
}
