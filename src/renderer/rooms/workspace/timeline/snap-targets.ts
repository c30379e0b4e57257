import { clipEnd } from '../../../../shared/domain/clips.ts';
import type { Take } from '../../../../shared/domain/take.ts';

/** Where something that is dragged likes to stop, seconds; `moving` is left out. */
export function snapTargets(take: Take, playhead: number, moving: string | null): readonly number[] {
  return [
    0,
    playhead,
    ...take.clips.filter(({ id }) => id !== moving).flatMap((clip) => [clip.at, clipEnd(clip)]),
    ...take.markers.filter(({ id }) => id !== moving).map(({ at }) => at),
    ...(take.range && moving !== 'range' ? [take.range.from, take.range.to] : []),
  ];
}
