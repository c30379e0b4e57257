import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { solve } from '../numbers/linear.ts';
import { centred, Products, sum } from '../numbers/ridge.ts';

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

/** Of time, each left out in turn. */
const PIECES = 6;
/** Shares of the causes' own power, from next to nothing to where nothing is explained. */
const RIDGES = [1e-4, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 1e4] as const;

/**
 * What is left of a signal, row by row in time, when causes explain as much of it as they foretell of pieces of time
 * that are left out; its mean is kept. Both move slowly: what comes once comes with one way of holding the
 * head, which explains it and is no cause of it. So of all ridges that foretell about as well (within a standard error
 * of the pieces) the one that explains least is taken (Breiman et al. 1984, the one-standard-error rule).
 */
export function leftOf(signal: Float64Array, causes: readonly Float64Array[]): Float64Array {
  const columns = causes.map(standardised);
  const target = centred(signal);
  const ends = Array.from({ length: PIECES + 1 }, (_, k) => Math.floor((k * signal.length) / PIECES));
  const pieces = ends
    .slice(1)
    .map((to, k) => ({ from: ends[k]!, to, own: Products.of(columns, [target], ends[k]!, to) }));
  const whole = Products.of(columns, [target], 0, signal.length);
  const errors = RIDGES.map((ridge) =>
    pieces.map(({ from, to, own }) => {
      const weights = whole.less(own).weights(0, ridge);
      let error = 0;
      for (let row = from; row < to; row++)
        error += columns.reduce((rest, column, c) => rest - weights[c]! * column[row]!, target[row]!) ** 2;
      return error;
    }),
  );
  const totals = errors.map((each) => sum(each));
  const best = errors[totals.indexOf(Math.min(...totals))]!;
  const least = RIDGES.findLastIndex((_, k) => {
    const worse = Float64Array.from(errors[k]!, (error, piece) => error - best[piece]!);
    const spread = centred(worse).reduce((all, x) => all + x * x, 0);
    return sum(worse) / PIECES <= Math.sqrt(spread / (PIECES - 1) / PIECES);
  });
  const weights = whole.weights(0, RIDGES[least]!);
  return signal.map((value, row) => columns.reduce((rest, column, c) => rest - weights[c]! * column[row]!, value));
}

/** Its mean 0 and its deviation 1; what does not vary is 0. */
function standardised(values: Float64Array): Float64Array {
  const column = centred(values);
  const deviation = Math.sqrt(column.reduce((all, x) => all + x * x, 0) / column.length);
  return deviation > 0 ? column.map((x) => x / deviation) : column;
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
