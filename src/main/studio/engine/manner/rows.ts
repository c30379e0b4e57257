import type { MotionTrack } from '../bundle/index.ts';

/** Good rows of a track, first to last, with no other between them. */
export interface GoodRun {
  readonly first: number;
  readonly last: number;
}

/** The last row that is not after a moment; the first row before the track begins. */
export function rowBefore(time: Float64Array, moment: number): number {
  let [below, above] = [0, time.length - 1];
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (time[middle]! <= moment) below = middle;
    else above = middle;
  }
  return time[above]! <= moment ? above : below;
}

/** Unbroken runs of good rows. */
export function goodRuns({ frames, state }: Pick<MotionTrack, 'frames' | 'state'>): GoodRun[] {
  const spans: { first: number; last: number }[] = [];
  for (let row = 0; row < frames; row++) {
    if (state[row] !== 0) continue;
    const open = spans.at(-1);
    if (open && open.last === row - 1) open.last = row;
    else spans.push({ first: row, last: row });
  }
  return spans;
}

/** Values of frames at `rate` even moments a second from 0 on, linear between frames. */
export function evenly(values: Float64Array, time: Float64Array, rate: number): Float64Array {
  return Float64Array.from({ length: Math.floor(time.at(-1)! * rate) + 1 }, (_, k) => {
    const row = rowBefore(time, k / rate);
    const after = Math.min(row + 1, time.length - 1);
    const gap = time[after]! - time[row]!;
    const share = gap > 0 ? Math.min(Math.max((k / rate - time[row]!) / gap, 0), 1) : 0;
    return values[row]! + share * (values[after]! - values[row]!);
  });
}
