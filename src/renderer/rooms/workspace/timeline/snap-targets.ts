import { clipEnd } from '../../../../shared/domain/clips.ts';
import type { Take } from '../../../../shared/domain/take.ts';

/** Where something that is dragged likes to stop, seconds; what moves itself is left out, by its id or as 'range'. */
export function snapTargets(take: Take, playhead: number, moving: ReadonlySet<string>): readonly number[] {
  return [
    0,
    playhead,
    ...take.clips.filter(({ id }) => !moving.has(id)).flatMap((clip) => [clip.at, clipEnd(clip)]),
    ...take.markers.filter(({ id }) => !moving.has(id)).map(({ at }) => at),
    ...(take.range && !moving.has('range') ? [take.range.from, take.range.to] : []),
  ];
}
