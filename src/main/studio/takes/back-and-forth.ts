import { rowBefore } from '../engine/index.ts';

/**
 * The row shown at `seconds` when rows at `times` (ascending, at least one) play forwards, then backwards, and so on,
 * without showing either end twice: 0 1 2 3 2 1 0 1 … A clip loops this way without a jump. Rows need not be evenly
 * spaced: the nearest in time is shown.
 */
export function rowAt(times: Float64Array, seconds: number): number {
  const first = times[0]!;
  const length = times[times.length - 1]! - first;
  if (!(length > 0)) return 0;
  const phase = ((seconds % (2 * length)) + 2 * length) % (2 * length);
  return nearest(times, first + (phase <= length ? phase : 2 * length - phase));
}

function nearest(times: Float64Array, seconds: number): number {
  const below = rowBefore(times, seconds);
  const above = Math.min(below + 1, times.length - 1);
  return seconds - times[below]! <= times[above]! - seconds ? below : above;
}
