import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';

const UPPER_LIP = 13;
const LOWER_LIP = 14;
/** Share of the person's range of openings, above their closed mouth, over which "closed" fades out. */
const FADE = 0.15;

/** Distance of the inner lips, or of two other vertices, cm: of one expression, without posing the whole mesh. */
export class LipGap {
  readonly #rest: [number, number, number];
  readonly #basis = new Float64Array(EXPRESSIONS * 3);

  constructor(
    { neutral, expressionBasis }: Pick<Rig, 'neutral' | 'expressionBasis'>,
    [one, other]: readonly [number, number] = [UPPER_LIP, LOWER_LIP],
  ) {
    const difference = (values: Float32Array, base: number, c: number) =>
      values[base + one * 3 + c]! - values[base + other * 3 + c]!;
    this.#rest = [0, 1, 2].map((c) => difference(neutral, 0, c)) as [number, number, number];
    for (let k = 0; k < EXPRESSIONS; k++) {
      for (let c = 0; c < 3; c++) this.#basis[k * 3 + c] = difference(expressionBasis, k * VERTICES * 3, c);
    }
  }

  /** Of row `row` of `expressions` [T,64]. */
  at(expressions: Float32Array, row: number): number {
    let [x, y, z] = this.#rest;
    for (let k = 0; k < EXPRESSIONS; k++) {
      const weight = expressions[row * EXPRESSIONS + k]!;
      x += weight * this.#basis[k * 3]!;
      y += weight * this.#basis[k * 3 + 1]!;
      z += weight * this.#basis[k * 3 + 2]!;
    }
    return Math.hypot(x, y, z);
  }
}

/** Corners of the right and the left eye: outer, inner. */
const EYE_CORNERS = [
  [33, 133],
  [263, 362],
] as const;

/** How far open each row's mouth is [T], as the track's `aperture`: in inter-ocular distances of the neutral shape. */
export function apertures(rig: Pick<Rig, 'neutral' | 'expressionBasis'>, expressions: Float32Array): Float32Array {
  const gap = new LipGap(rig);
  const middle = (corners: readonly [number, number], c: number) =>
    (rig.neutral[corners[0] * 3 + c]! + rig.neutral[corners[1] * 3 + c]!) / 2;
  const interOcular = Math.hypot(...[0, 1, 2].map((c) => middle(EYE_CORNERS[0], c) - middle(EYE_CORNERS[1], c)));
  return Float32Array.from(
    { length: expressions.length / EXPRESSIONS },
    (_, row) => gap.at(expressions, row) / interOcular,
  );
}

/**
 * How closed each row's mouth is, 0..1: 1 at the gap this person shows with lips pressed (5th percentile of the bank).
 */
export function closures(rig: Rig, expressions: Float32Array): Float32Array {
  const { gap, closed, fade } = habitsOf(rig);
  const found = new Float32Array(expressions.length / EXPRESSIONS);
  for (let row = 0; row < found.length; row++)
    found[row] = Math.min(Math.max(1 - (gap.at(expressions, row) - closed) / fade, 0), 1);
  return found;
}

interface LipHabits {
  readonly gap: LipGap;
  readonly closed: number; // cm
  readonly fade: number; // cm
}

/** Live sound asks 25 times a second, and every bank holds hundreds of rows. */
const known = new WeakMap<Rig, LipHabits>();

function habitsOf(rig: Rig): LipHabits {
  let habits = known.get(rig);
  if (habits) return habits;
  const gap = new LipGap(rig);
  const gaps = Float64Array.from({ length: rig.lleBank.length / EXPRESSIONS }, (_, row) =>
    gap.at(rig.lleBank, row),
  ).sort();
  const closed = gaps[Math.floor(gaps.length * 0.05)] ?? 0;
  const open = gaps[Math.floor(gaps.length * 0.95)] ?? 0;
  habits = { gap, closed, fade: Math.max((open - closed) * FADE, 1e-6) };
  known.set(rig, habits);
  return habits;
}
