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

/** So long a face stays as it is for it to be no landmark that was off, seconds: shorter than any expression. */
const HELD_SECONDS = 0.1;

/**
 * Of what somebody does, at `times` seconds, ascending. Quantiles leave out what is rare, as an expression is: who
 * smiles for one second of sixty smiles no less. So what they go to and stay at for a moment counts, too.
 */
export function heldExtentOf(values: Float64Array, times: ArrayLike<number>): Extent {
  const { usual, below, above } = extentOf(values);
  const [lowest, highest] = heldEnds(values, times);
  return { usual, below: Math.max(below, usual - lowest), above: Math.max(above, highest - usual) };
}

/** The lowest and the highest value that is not left again at once; infinite where the time is too short to say. */
export function heldEnds(values: ArrayLike<number>, times: ArrayLike<number>): [lowest: number, highest: number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let first = 0; first < values.length; first++) {
    let [least, most] = [values[first]!, values[first]!];
    for (let last = first + 1; last < values.length; last++) {
      least = Math.min(least, values[last]!);
      most = Math.max(most, values[last]!);
      if (times[last]! - times[first]! < HELD_SECONDS - 1e-6) continue;
      lowest = Math.min(lowest, most);
      highest = Math.max(highest, least);
      break;
    }
  }
  return [lowest, highest];
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

/** Of the room on a side: so far a movement is taken over as it is. */
const PLAIN = 0.7;

/**
 * A movement away from what is usual here, by `away` of somebody who is seen while they move: what they will do is not
 * known, so nothing is drawn together but what comes near the end of this person's range, and never reaches it.
 */
export function softlyInto(own: Extent, away: number): number {
  const room = away < 0 ? own.below : own.above;
  const share = room === 0 ? 0 : Math.abs(away) / room;
  const drawn = share <= PLAIN ? share : PLAIN + (1 - PLAIN) * Math.tanh((share - PLAIN) / (1 - PLAIN));
  return own.usual + Math.sign(away) * drawn * room;
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
