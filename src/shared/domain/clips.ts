import { type ChosenKeys, keysUnder, lanesIn, moveKeys } from './lanes/index.ts';
import { LATEST_SECONDS } from './lanes/lane.ts';
import type { SoundClip, Take } from './take.ts';

// Edits of what is on the timeline. Each answers with the same take when there is nothing to do.

/** A clip shorter than this cannot be seen or heard, seconds. */
export const SHORTEST_CLIP = 0.05;
/** As many as a take holds. */
const MOST_CLIPS = 200;
/** What is moved lies at a whole number of nanoseconds, so that what was snapped to something is where that is. */
const MOMENTS = 1e9;

/** Whether what it plays is there: a sound's file may be gone, whatever a take says. */
export const hasSound = ({ sound }: Pick<SoundClip, 'sound'>, sounds: readonly { readonly id: string }[]): boolean =>
  sounds.some(({ id }) => id === sound);

export const clipEnd = ({ at, seconds }: Pick<SoundClip, 'at' | 'seconds'>): number => at + seconds;

/** From where the first of some clips begins to where the last ends, seconds; undefined of none. */
export function spanOfClips(clips: readonly SoundClip[]): { readonly from: number; readonly to: number } | undefined {
  if (clips.length === 0) return undefined;
  return { from: Math.min(...clips.map(({ at }) => at)), to: Math.max(...clips.map(clipEnd)) };
}

/** A sound that was removed is there again with its clip. */
export function addClip(take: Take, clip: SoundClip): Take {
  if (take.clips.length >= MOST_CLIPS) return take;
  return { ...bringBackSound(take, clip.sound), clips: [...take.clips, clip].toSorted((a, b) => a.at - b.at) };
}

export function removeClips(take: Take, ids: ReadonlySet<string>): Take {
  const clips = take.clips.filter(({ id }) => !ids.has(id));
  return clips.length === take.clips.length ? take : { ...take, clips };
}

/** Two different sounds that are said at the same time; the one that begins first, first. */
export function atOnce(clips: readonly SoundClip[]): readonly [string, string] | undefined {
  const sorted = clips.toSorted((a, b) => a.at - b.at);
  for (const [place, clip] of sorted.entries()) {
    const other = sorted
      .slice(place + 1)
      .find((later) => later.sound !== clip.sound && clipEnd(clip) - later.at >= SHORTEST_CLIP);
    if (other) return [clip.sound, other.sound];
  }
  return undefined;
}

/** Off the list of sounds, and off the timeline. */
export function removeSound(take: Take, sound: string): Take {
  if (take.removed.includes(sound)) return take;
  return { ...take, clips: take.clips.filter((clip) => clip.sound !== sound), removed: [...take.removed, sound] };
}

export function bringBackSound(take: Take, sound: string): Take {
  return take.removed.includes(sound) ? { ...take, removed: take.removed.filter((one) => one !== sound) } : take;
}

/** Later by `seconds`, all as far as the first of them can go, and what is keyed under them with them. */
export function moveClips(take: Take, ids: ReadonlySet<string>, seconds: number): Take {
  const moving = take.clips.filter(({ id }) => ids.has(id));
  const span = spanOfClips(moving);
  if (!span) return take;
  const by = Math.max(Math.min(seconds, LATEST_SECONDS - span.to), -span.from);
  if (by === 0) return take;
  const clips = take.clips.map((clip) =>
    ids.has(clip.id) ? { ...clip, at: Math.round((clip.at + by) * MOMENTS) / MOMENTS } : clip,
  );
  const { lanes } = moveKeys(take, keysUnderAll(take, moving), by);
  return { ...take, lanes, clips: clips.toSorted((a, b) => a.at - b.at) };
}

function keysUnderAll(take: Take, clips: readonly SoundClip[]): ChosenKeys {
  const under = clips.map((clip) => keysUnder(take, clip));
  const names = lanesIn(take.lanes);
  return Object.fromEntries(names.map((name) => [name, new Set(under.flatMap((keys) => [...(keys[name] ?? [])]))]));
}

/** Its beginning comes to `at`; what is heard stays where it is. */
export function trimStart(take: Take, id: string, at: number): Take {
  return changeClip(take, id, (clip) => {
    const by = Math.min(Math.max(at - clip.at, -clip.start, -clip.at), Math.max(0, clip.seconds - SHORTEST_CLIP));
    return { ...clip, at: clip.at + by, start: clip.start + by, seconds: clip.seconds - by };
  });
}

/** Its end comes to `end`, no further than the sound, of `length` seconds, goes. */
export function trimEnd(take: Take, id: string, end: number, length: number): Take {
  return changeClip(take, id, (clip) => ({
    ...clip,
    seconds: Math.max(SHORTEST_CLIP, Math.min(end - clip.at, length - clip.start)),
  }));
}

/**
 * Cuts it in two at `at`, each with the fade of its own end; the second part gets `newId`. Nothing where a part would
 * be too short.
 */
export function splitClip(take: Take, id: string, at: number, newId: string): Take {
  const clip = take.clips.find((one) => one.id === id);
  if (!clip || !canSplit(clip, at) || take.clips.length >= MOST_CLIPS) return take;
  const by = at - clip.at;
  const { fadeOut: _, ...first } = { ...clip, seconds: by };
  const { fadeIn: __, ...rest } = { ...clip, id: newId, at, start: clip.start + by, seconds: clip.seconds - by };
  return addClip(
    changeClip(take, id, () => first),
    rest,
  );
}

export const canSplit = (clip: SoundClip, at: number): boolean =>
  at - clip.at >= SHORTEST_CLIP && clipEnd(clip) - at >= SHORTEST_CLIP;

/** Some clips to be put in elsewhere: `at` from the first of all of them on. */
export function copyClips({ clips }: Pick<Take, 'clips'>, ids: ReadonlySet<string>): readonly SoundClip[] {
  const copied = clips.filter(({ id }) => ids.has(id));
  const from = spanOfClips(copied)?.from ?? 0;
  return copied.map((clip) => ({ ...clip, at: clip.at - from }));
}

/** Puts copies in from `at` on, each with an id of its own; nothing where they do not all fit. */
export function pasteClips(take: Take, copied: readonly SoundClip[], at: number, newId: () => string): Take {
  const span = spanOfClips(copied);
  if (!span || take.clips.length + copied.length > MOST_CLIPS || at + span.to > LATEST_SECONDS) return take;
  return copied.reduce((now: Take, clip) => addClip(now, { ...clip, id: newId(), at: at + clip.at }), take);
}

function changeClip(take: Take, id: string, change: (clip: SoundClip) => SoundClip): Take {
  const clip = take.clips.find((one) => one.id === id);
  if (!clip) return take;
  const changed = change(clip);
  if (changed.at === clip.at && changed.start === clip.start && changed.seconds === clip.seconds) return take;
  return { ...take, clips: take.clips.map((one) => (one === clip ? changed : one)).toSorted((a, b) => a.at - b.at) };
}

/** Clips that sound at the same time are drawn one under the other: the row of each, and how many rows there are. */
export function rowsOf(clips: readonly SoundClip[]): {
  readonly rows: ReadonlyMap<string, number>;
  readonly count: number;
} {
  const ends: number[] = []; // of the last clip in each row
  const rows = new Map<string, number>();
  for (const clip of clips.toSorted((a, b) => a.at - b.at)) {
    const free = ends.findIndex((end) => end <= clip.at + 1e-9);
    const row = free < 0 ? ends.length : free;
    ends[row] = clipEnd(clip);
    rows.set(clip.id, row);
  }
  return { rows, count: Math.max(1, ends.length) };
}
