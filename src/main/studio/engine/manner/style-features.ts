import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import type { MotionTrack, Rig } from '../bundle/index.ts';
import { solve } from '../numbers/linear.ts';

/** Where a face shows its mood beside what it says: brows, cheeks, corners of the mouth. Lids are aside: they blink. */
const GROUPS = [
  [70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 300, 293, 334, 296, 336, 285, 295, 282, 283, 276],
  [50, 101, 118, 117, 123, 147, 187, 205, 36, 280, 330, 347, 346, 352, 376, 411, 425, 266],
  [61, 76, 57, 291, 306, 287],
] as const;
const WEIGHED = GROUPS.flatMap((group) =>
  group.map((vertex) => ({ vertex, weight: Math.sqrt(1 / GROUPS.length / group.length) })),
);
/** A mood lasts; a sound does not: movement faster than this is left to speech, seconds (one deviation of the bell). */
const SLOW_SECONDS = 0.4;
/** Rows on either side that are looked at, whatever their times: as many as 120 frames a second have. */
const MOST_NEIGHBOURS = 150;
const RIDGE = 0.01;

/**
 * Where those parts of the face are for an expression, cm: the distance of two is the root mean square over the groups.
 */
export class StyleFeatures {
  readonly #basis: Float64Array; // [features,64]

  constructor({ expressionBasis }: Pick<Rig, 'expressionBasis'>) {
    this.#basis = new Float64Array(WEIGHED.length * 3 * EXPRESSIONS);
    for (const [n, { vertex, weight }] of WEIGHED.entries()) {
      for (let c = 0; c < 3; c++)
        for (let k = 0; k < EXPRESSIONS; k++)
          this.#basis[(n * 3 + c) * EXPRESSIONS + k] = weight * expressionBasis[(k * VERTICES + vertex) * 3 + c]!;
    }
  }

  get count(): number {
    return WEIGHED.length * 3;
  }

  of(expression: ArrayLike<number>): Float64Array {
    const basis = this.#basis;
    const features = new Float64Array(this.count);
    for (let feature = 0, at = 0; feature < features.length; feature++) {
      let sum = 0;
      for (let k = 0; k < EXPRESSIONS; k++, at++) sum += basis[at]! * expression[k]!;
      features[feature] = sum;
    }
    return features;
  }
}

/**
 * Of each good row's neighbours in its unbroken run of good rows: their mean under a bell. Other rows are left as they
 * are.
 */
export function slowed(
  { frames, time, state }: Pick<MotionTrack, 'frames' | 'time' | 'state'>,
  values: Float32Array,
  width: number,
): Float64Array {
  const slow = Float64Array.from(values);
  for (let row = 0; row < frames; row++) {
    if (state[row] !== 0) continue;
    const sums = new Float64Array(width);
    let total = 0;
    const add = (other: number): boolean => {
      const apart = (time[other]! - time[row]!) / SLOW_SECONDS;
      if (state[other] !== 0 || Math.abs(apart) > 3 || Math.abs(other - row) > MOST_NEIGHBOURS) return false;
      const weight = Math.exp(-0.5 * apart * apart);
      total += weight;
      for (let k = 0; k < width; k++) sums[k]! += weight * values[other * width + k]!;
      return true;
    };
    for (let other = row; other < frames && add(other); other++);
    for (let other = row - 1; other >= 0 && add(other); other--);
    for (let k = 0; k < width; k++) slow[row * width + k] = sums[k]! / total;
  }
  return slow;
}

/**
 * What neither the head's rotation nor `causes` [n,c] explain of `values` [n,64], linearly (rotation squared as well),
 * about the mean: turned heads are tracked with another face than straight ones, and that is no expression of theirs.
 */
export function unexplained(values: readonly Float64Array[], causes: readonly (readonly number[])[]): Float64Array[] {
  const columns = standardised(causes);
  const width = columns[0]?.length ?? 0;
  const mean = meanOf(values);
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width * EXPRESSIONS);
  for (const [row, column] of columns.entries()) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) gram[i * width + j]! += column[i]! * column[j]!;
      for (let k = 0; k < EXPRESSIONS; k++) right[i * EXPRESSIONS + k]! += column[i]! * (values[row]![k]! - mean[k]!);
    }
  }
  for (let i = 0; i < width; i++) gram[i * width + i]! += RIDGE * columns.length;
  const slopes = solve(gram, width, right, EXPRESSIONS);
  return values.map((value, row) =>
    value.map((x, k) => {
      let explained = mean[k]!;
      for (let i = 0; i < width; i++) explained += columns[row]![i]! * slopes[i * EXPRESSIONS + k]!;
      return x - explained;
    }),
  );
}

/** Small turns about the three axes, and their squares. */
export function turns({ rotation }: Pick<MotionTrack, 'rotation'>, row: number): number[] {
  const r = rotation.subarray(row * 9, row * 9 + 9);
  const angles = [(r[7]! - r[5]!) / 2, (r[2]! - r[6]!) / 2, (r[3]! - r[1]!) / 2];
  return [...angles, ...angles.map((angle) => angle * angle)];
}

export function meanOf(rows: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(rows[0]!.length);
  for (const row of rows) for (let k = 0; k < mean.length; k++) mean[k]! += row[k]! / rows.length;
  return mean;
}

function standardised(rows: readonly (readonly number[])[]): Float64Array[] {
  const values = rows.map((row) => Float64Array.from(row));
  const mean = meanOf(values);
  const deviation = mean.map(
    (_, k) => Math.sqrt(values.reduce((sum, row) => sum + (row[k]! - mean[k]!) ** 2, 0) / values.length) + 1e-6,
  );
  return values.map((row) => row.map((x, k) => (x - mean[k]!) / deviation[k]!));
}
