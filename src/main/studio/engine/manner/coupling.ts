import { centred, correlation, Products, sum } from '../numbers/ridge.ts';
import type { Accents } from '../speech/index.ts';
import { bells, Response, withoutPosture } from './response.ts';

/** Signals are compared at so many moments a second. */
export const GRID_RATE = 25;
const FOLDS = 5;
const PURGE_SECONDS = 0.4;
/** Of the mean diagonal of the bells' products. */
const RIDGE = 0.1;
/** Less cannot tell a habit from chance. */
const LEAST_SECONDS = 10;
const LEAST_ACCENTS = 10;
/** More tells nothing new, and would be noticed. */
const LONGEST_SECONDS = 240;
/**
 * The sound is shifted round against the picture by at least this, so many times, to see what chance alone would give.
 */
const LEAST_SHIFT_SECONDS = 1.5;
const SHIFTS = 60;
/** Deviations from chance: below it, nothing is taken to be there (one chance in twenty). */
const LEAST_Z = 1.65;

/** How a person's movement goes with the accents of their own speech. */
export interface Coupling {
  /** r of movement predicted in folds that the prediction never saw, one for each signal. */
  readonly r: readonly number[];
  /** The same for each fold. */
  readonly folds: readonly (readonly number[])[];
  /** Sum of `r`, in deviations from what shifted sound gives. */
  readonly z: number;
  /** 0 where that may be chance, towards 1 the less it may: what a movement made of this is multiplied by. */
  readonly share: number;
  /** One for each signal, in its unit. */
  readonly responses: readonly Response[];
}

/** `signals` are even in time, at `GRID_RATE` from 0 on. Undefined where there is too little to learn from. */
export function learnCoupling(accents: Accents, signals: readonly Float64Array[]): Coupling | undefined {
  const moments = Math.min(signals[0]!.length, LONGEST_SECONDS * GRID_RATE);
  const within = accents.filter((_, k) => accents[k - (k % 2)]! < moments / GRID_RATE);
  if (moments < LEAST_SECONDS * GRID_RATE || within.length < LEAST_ACCENTS * 2) return undefined;
  const columns = bells(within, GRID_RATE, moments).map(centred);
  const targets = signals.map((signal) => centred(withoutPosture(signal.subarray(0, moments), GRID_RATE)));
  const { r, folds } = crossValidated(columns, targets);
  const least = LEAST_SHIFT_SECONDS * GRID_RATE;
  const chance = Array.from({ length: SHIFTS }, (_, k) => {
    const shift = Math.round(least + ((moments - 2 * least) * k) / (SHIFTS - 1));
    return sum(
      crossValidated(
        columns.map((column) => rotated(column, shift)),
        targets,
      ).r,
    );
  });
  const mean = sum(chance) / SHIFTS;
  const deviation = Math.sqrt(chance.reduce((total, value) => total + (value - mean) ** 2, 0) / SHIFTS);
  const z = deviation > 0 ? (sum(r) - mean) / deviation : 0;
  const share = z > LEAST_Z && sum(r) > 0 ? 1 - (LEAST_Z / z) ** 2 : 0;
  const all = Products.of(columns, targets, 0, moments);
  return { r, folds, z, share, responses: targets.map((_, target) => new Response(all.weights(target, RIDGE))) };
}

/** Predicts every block from the others, less a purge on both sides. */
function crossValidated(
  columns: readonly Float64Array[],
  targets: readonly Float64Array[],
): { r: number[]; folds: number[][] } {
  const moments = targets[0]!.length;
  const purge = PURGE_SECONDS * GRID_RATE;
  const all = Products.of(columns, targets, 0, moments);
  const predicted = targets.map(() => new Float64Array(moments));
  const folds: number[][] = targets.map(() => []);
  for (let fold = 0; fold < FOLDS; fold++) {
    const [from, to] = [Math.floor((fold * moments) / FOLDS), Math.floor(((fold + 1) * moments) / FOLDS)];
    const others = all.less(Products.of(columns, targets, Math.max(from - purge, 0), Math.min(to + purge, moments)));
    targets.forEach((target, number) => {
      const weights = others.weights(number, RIDGE);
      const row = predicted[number]!;
      columns.forEach((column, tap) => {
        const weight = weights[tap]!;
        for (let k = from; k < to; k++) row[k]! += weight * column[k]!;
      });
      folds[number]!.push(correlation(row.subarray(from, to), target.subarray(from, to)));
    });
  }
  return { r: targets.map((target, number) => correlation(predicted[number]!, target)), folds };
}

function rotated(values: Float64Array, by: number): Float64Array {
  const moved = new Float64Array(values.length);
  moved.set(values.subarray(values.length - by));
  moved.set(values.subarray(0, values.length - by), by);
  return moved;
}
