import type { Span } from './playback.ts';

/**
 * A stretch of playing: at `clock` seconds of some clock the playhead is at `time`, and moves `rate` seconds a second.
 */
export interface Run {
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
export function positionAt(run: Run, clock: number): { readonly time: number; readonly ended: boolean } {
  const time = run.time + Math.max(0, clock - run.clock) * run.rate;
  const { loop } = run;
  if (loop) {
    const length = loop.to - loop.from;
    // From outside the loop it first plays into it.
    if (run.rate > 0 && run.time < loop.to && time >= loop.to)
      return { time: loop.from + ((time - loop.to) % length), ended: false };
    if (run.rate < 0 && run.time > loop.from && time < loop.from)
      return { time: loop.to - ((loop.from - time) % length), ended: false };
  }
  if (run.rate > 0 && time >= run.duration) return { time: run.duration, ended: true };
  if (run.rate < 0 && time <= 0) return { time: 0, ended: true };
  return { time, ended: false };
}

/** The laps of a forward run that begin before the clock shows `until`, the first `skip` of them left out. */
export function lapsUntil(run: Run, until: number, skip = 0): readonly Lap[] {
  const loops = run.loop && run.time < run.loop.to ? run.loop : null;
  const laps: Lap[] = [];
  let lap: Lap = { clock: run.clock, from: run.time, to: loops ? loops.to : run.duration };
  for (let index = 0; lap.clock < until && lap.to > lap.from; index++) {
    if (index >= skip) laps.push(lap);
    if (!loops) break;
    lap = { clock: lap.clock + (lap.to - lap.from), from: loops.from, to: loops.to };
  }
  return laps;
}
