import type { Span } from './playback.ts';

/**
 * A stretch of playing: at `clock` seconds of some clock the playhead is at `time`, and moves `rate` seconds a second.
 */
export interface Stretch {
  readonly clock: number;
  readonly time: number;
  readonly rate: number;
  readonly duration: number;
  /** What repeats; null: it ends at the end. */
  readonly loop: Span | null;
}

/** One way through the timeline without a jump; `from` is played when the clock shows `clock`. Forward only. */
export interface Lap {
  readonly clock: number;
  readonly from: number;
  readonly to: number;
}

/** Where the playhead is when the clock shows `clock`, and whether it has come to the end. */
export function positionAt(stretch: Stretch, clock: number): { readonly time: number; readonly ended: boolean } {
  const time = stretch.time + Math.max(0, clock - stretch.clock) * stretch.rate;
  const { loop } = stretch;
  if (loop) {
    const length = loop.to - loop.from;
    // From outside the loop it first plays into it.
    if (stretch.rate > 0 && stretch.time < loop.to && time >= loop.to)
      return { time: loop.from + ((time - loop.to) % length), ended: false };
    if (stretch.rate < 0 && stretch.time > loop.from && time < loop.from)
      return { time: loop.to - ((loop.from - time) % length), ended: false };
  }
  if (stretch.rate > 0 && time >= stretch.duration) return { time: stretch.duration, ended: true };
  if (stretch.rate < 0 && time <= 0) return { time: 0, ended: true };
  return { time, ended: false };
}

/** The laps of a forward stretch that begin before the clock shows `until`, the first `skip` of them left out. */
export function lapsUntil(stretch: Stretch, until: number, skip = 0): readonly Lap[] {
  const loops = stretch.loop && stretch.time < stretch.loop.to ? stretch.loop : null;
  const laps: Lap[] = [];
  let lap: Lap = { clock: stretch.clock, from: stretch.time, to: loops ? loops.to : stretch.duration };
  for (let index = 0; lap.clock < until && lap.to > lap.from; index++) {
    if (index >= skip) laps.push(lap);
    if (!loops) break;
    lap = { clock: lap.clock + (lap.to - lap.from), from: loops.from, to: loops.to };
  }
  return laps;
}
