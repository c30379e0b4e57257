import type { Span } from './playback.ts';

/**
 * How a playhead plays: at `clock` seconds of some clock it is at `time`, and moves `rate` seconds a second.
 */
export interface Course {
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
export function positionAt(course: Course, clock: number): { readonly time: number; readonly ended: boolean } {
  const time = course.time + Math.max(0, clock - course.clock) * course.rate;
  const { loop } = course;
  if (loop) {
    const length = loop.to - loop.from;
    // From outside the loop it first plays into it.
    if (course.rate > 0 && course.time < loop.to && time >= loop.to)
      return { time: loop.from + ((time - loop.to) % length), ended: false };
    if (course.rate < 0 && course.time > loop.from && time < loop.from)
      return { time: loop.to - ((loop.from - time) % length), ended: false };
  }
  if (course.rate > 0 && time >= course.duration) return { time: course.duration, ended: true };
  if (course.rate < 0 && time <= 0) return { time: 0, ended: true };
  return { time, ended: false };
}

/** The laps of a forward course that begin before the clock shows `until`, the first `skip` of them left out. */
export function lapsUntil(course: Course, until: number, skip = 0): readonly Lap[] {
  const loops = course.loop && course.time < course.loop.to ? course.loop : null;
  const laps: Lap[] = [];
  let lap: Lap = { clock: course.clock, from: course.time, to: loops ? loops.to : course.duration };
  for (let index = 0; lap.clock < until && lap.to > lap.from; index++) {
    if (index >= skip) laps.push(lap);
    if (!loops) break;
    lap = { clock: lap.clock + (lap.to - lap.from), from: loops.from, to: loops.to };
  }
  return laps;
}
