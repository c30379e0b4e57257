import type { Keyframe } from './lane.ts';

/**
 * A lane's value at a moment, in the lane's unit: before its first keyframe that one's, after its last one the last
 * one's; undefined without any. It looks at as many keyframes as it takes to halve their number to one, and four more.
 */
export function valueAt(keys: readonly Keyframe[], seconds: number): number | undefined {
  const place = placeOf(keys, seconds);
  if (place < 0) return keys[0]?.value;
  const key = keys[place]!;
  const next = keys[place + 1];
  if (!next || key.curve === 'hold') return key.value;
  const share = (seconds - key.at) / (next.at - key.at);
  if (key.curve === 'linear') return key.value + share * (next.value - key.value);
  return smooth({ before: keys[place - 1], key, next, after: keys[place + 2] }, share);
}

/** The last keyframe that is not after a moment; -1 before the first. */
export function placeOf(keys: readonly Keyframe[], seconds: number): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]!.at <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Two keyframes, and those around them. */
interface Segment {
  readonly before: Keyframe | undefined;
  readonly key: Keyframe;
  readonly next: Keyframe;
  readonly after: Keyframe | undefined;
}

/** Points of a cubic Bézier curve over a segment: in shares of its length, and values. */
export interface Bezier {
  readonly times: readonly [number, number, number, number];
  readonly values: readonly [number, number, number, number];
}

function smooth(segment: Segment, share: number): number {
  const { times, values } = bezierOf(segment);
  return cubic(values, whereTimeIs(times, share));
}

/** The curve between two keyframes, to be drawn. Handles take the place of what the neighbours would make of it. */
export function bezierOf({ before, key, next, after }: Segment): Bezier {
  const length = next.at - key.at;
  const leaving = key.after;
  const coming = next.before;
  const within = (seconds: number): number => Math.min(seconds / length, 1);
  return {
    times: [0, leaving ? within(leaving.seconds) : 1 / 3, coming ? 1 - within(coming.seconds) : 2 / 3, 1],
    values: [
      key.value,
      key.value + (leaving?.value ?? (slopeAt(before, key, next) * length) / 3),
      next.value + (coming?.value ?? (-slopeAt(key, next, after) * length) / 3),
      next.value,
    ],
  };
}

/**
 * Of a smooth curve through a keyframe, a second: the weighted harmonic mean of the slopes on both sides, 0 at ends and
 * where they turn, so that no curve overshoots its keyframes (Fritsch and Butland 1984).
 */
function slopeAt(before: Keyframe | undefined, key: Keyframe, next: Keyframe | undefined): number {
  if (!before || !next || before.curve === 'hold') return 0;
  const [left, right] = [key.at - before.at, next.at - key.at];
  const [rise, fall] = [(key.value - before.value) / left, (next.value - key.value) / right];
  if (rise * fall <= 0) return 0;
  const [a, b] = [2 * right + left, right + 2 * left];
  return (a + b) / (a / rise + b / fall);
}

/** Times of a curve ascend, as no handle passes the other keyframe. */
function whereTimeIs(times: Bezier['times'], share: number): number {
  if (times[1] === 1 / 3 && times[2] === 2 / 3) return share;
  let [low, high] = [0, 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (cubic(times, middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
/** A billionth of a segment is exact enough. */
const HALVINGS = 30;

function cubic([a, b, c, d]: Bezier['values'], t: number): number {
  const s = 1 - t;
  return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
}
