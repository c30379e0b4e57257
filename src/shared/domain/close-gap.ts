import { clipEnd, removeClips } from './clips.ts';
import { type Lane, type Lanes, lanesIn } from './lanes/index.ts';
import type { SoundClip, Take } from './take.ts';

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Takes clips off the timeline and, where nothing else lies, their time with them: what is later comes earlier,
 * clips, markers, in and out and what is keyed alike, and what was keyed in that time is gone. Clips that lie beside
 * them stay.
 */
export function removeWithTime(take: Take, ids: ReadonlySet<string>): Take {
  const gone = take.clips.filter(({ id }) => ids.has(id));
  if (gone.length === 0) return take;
  const left = removeClips(take, ids);
  const gaps = without(joined(gone), joined(left.clips));
  const moved = (moment: number) =>
    moment - gaps.reduce((sum, { from, to }) => sum + Math.min(Math.max(moment - from, 0), to - from), 0);
  const range = take.range && { from: moved(take.range.from), to: moved(take.range.to) };
  return {
    ...left,
    clips: left.clips.map((clip) => ({ ...clip, at: moved(clip.at) })),
    markers: take.markers.map((marker) => ({ ...marker, at: moved(marker.at) })),
    range: range && range.to > range.from ? range : null,
    lanes: lanesIn(take.lanes).reduce((lanes: Lanes, name) => {
      const lane = closed(take.lanes[name]!, gaps, moved);
      return lane.keys.length > 0 || lane.muted || lane.solo ? { ...lanes, [name]: lane } : lanes;
    }, {}),
  };
}

function closed(lane: Lane, gaps: readonly Stretch[], moved: (moment: number) => number): Lane {
  const keys = lane.keys.filter(({ at }) => gaps.every(({ from, to }) => at < from || at >= to));
  return { ...lane, keys: keys.map((key) => ({ ...key, at: moved(key.at) })) };
}

/** The time that clips cover, in order, stretches that touch as one. */
function joined(clips: readonly SoundClip[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const clip of clips.toSorted((a, b) => a.at - b.at)) {
    const last = stretches.at(-1);
    if (last && clip.at <= last.to + 1e-9)
      stretches[stretches.length - 1] = { from: last.from, to: Math.max(last.to, clipEnd(clip)) };
    else stretches.push({ from: clip.at, to: clipEnd(clip) });
  }
  return stretches;
}

/** What of some stretches none of the others covers. */
function without(stretches: readonly Stretch[], others: readonly Stretch[]): readonly Stretch[] {
  return others.reduce(
    (left: readonly Stretch[], other) =>
      left.flatMap(({ from, to }) =>
        [
          { from, to: Math.min(to, other.from) },
          { from: Math.max(from, other.to), to },
        ].filter((part) => part.to - part.from > 1e-9),
      ),
    stretches,
  );
}
