import { OWN_RANGE } from './own-rows.ts';
import { quantile } from './regression.ts';

/** How far somebody goes in one thing, in its unit: what is usual, and how far below and above it. */
export interface Extent {
  readonly usual: number;
  readonly below: number;
  readonly above: number;
}

/** Somebody's movement in one thing, moment by moment. */
export interface Movement extends Extent {
  /** Ascending, seconds. */
  readonly times: ArrayLike<number>;
  /** One for each time. */
  readonly values: ArrayLike<number>;
}

/** Of what somebody does; what is furthest at either end does not count. */
export function extentOf(values: Float64Array): Extent {
  const usual = quantile(values, 0.5);
  return {
    usual,
    below: usual - quantile(values, OWN_RANGE.from),
    above: quantile(values, OWN_RANGE.to) - usual,
  };
}

/**
 * A value of somebody else's movement on a person's own way: from what is usual there as far as from what is usual
 * here, but drawn together on a side where they go further than this person. Never beyond what this person does.
 */
export function broughtInto(own: Extent, theirs: Extent, value: number): number {
  const away = value - theirs.usual;
  const [room, extent] = away < 0 ? [own.below, theirs.below] : [own.above, theirs.above];
  const drawn = extent > room ? (away * room) / extent : away;
  return own.usual + Math.min(Math.max(drawn, -own.below), own.above);
}

/** Of a movement at a moment: straight between the moments around it. */
export function movementAt({ times, values }: Movement, seconds: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= seconds) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return values[0]!;
  if (low === times.length) return values[low - 1]!;
  const share = (seconds - times[low - 1]!) / (times[low]! - times[low - 1]!);
  return values[low - 1]! + share * (values[low]! - values[low - 1]!);
}
