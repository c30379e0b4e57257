import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { solve } from '../numbers/linear.ts';
import { centred } from '../numbers/ridge.ts';

/** Of the columns' own power; so little that what is measured well is found as it is. */
const RIDGE = 1e-4;

/**
 * By how much each of `targets` [rows,width] changes with a unit of each cause, all others alike: [causes,width]. A
 * cause that does not vary changes nothing.
 */
export function effects(causes: readonly Float64Array[], targets: Float64Array, width: number): Float64Array {
  const columns = causes.map(centred);
  const scales = columns.map((column) => Math.sqrt(column.reduce((sum, x) => sum + x * x, 0)));
  const n = columns.length;
  const gram = new Float64Array(n * n);
  const right = new Float64Array(n * width);
  for (let a = 0; a < n; a++) {
    const [column, scale] = [columns[a]!, scales[a]! || 1];
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let row = 0; row < column.length; row++) sum += column[row]! * columns[b]![row]!;
      gram[a * n + b] = gram[b * n + a] = sum / (scale * (scales[b]! || 1));
    }
    gram[a * n + a]! += RIDGE;
    for (let row = 0; row < column.length; row++) {
      const value = column[row]! / scale;
      for (let k = 0; k < width; k++) right[a * width + k]! += value * targets[row * width + k]!;
    }
  }
  solve(gram, n, right, width);
  return right.map((value, i) => value / (scales[Math.floor(i / width)]! || 1));
}

/** What is left of a signal when causes explain as much of it as they can, its mean kept. */
export function leftOf(signal: Float64Array, causes: readonly Float64Array[]): Float64Array {
  const weights = effects(causes, signal, 1);
  const columns = causes.map(centred);
  return signal.map((value, row) => columns.reduce((sum, column, c) => sum - weights[c]! * column[row]!, value));
}

/** The value below which so much of them lies, 0..1. */
export function quantile(values: Float64Array, share: number): number {
  const sorted = values.toSorted();
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

/** Some rows of a table, one after the other. */
export function pick(values: ArrayLike<number>, rows: readonly number[], width = EXPRESSIONS): Float64Array {
  const picked = new Float64Array(rows.length * width);
  for (const [n, row] of rows.entries())
    for (let k = 0; k < width; k++) picked[n * width + k] = values[row * width + k]!;
  return picked;
}
