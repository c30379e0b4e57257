import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';

/** What of a face can be keyed by itself, as its lanes are named. */
export const FACE_MEASURES = ['jaw', 'smile', 'brows', 'frown', 'squint', 'pucker'] as const;
export type FaceMeasure = (typeof FACE_MEASURES)[number];
export const MOUTH_MEASURES: readonly FaceMeasure[] = ['jaw', 'smile', 'pucker'];

/** So much of one coordinate (x 0, y 1, z 2) of the mean of some vertices. */
interface Term {
  readonly weight: number;
  readonly axis: 0 | 1 | 2;
  readonly vertices: readonly number[];
}
const term = (weight: number, axis: Term['axis'], vertices: readonly number[]): Term => ({ weight, axis, vertices });

const BROWS = [63, 105, 66, 107, 336, 296, 334, 293];
const EYE_CORNERS = [33, 133, 362, 263];
const INNER_BROWS = [
  [107, 55],
  [336, 285],
] as const;
const UPPER_LIDS = [160, 159, 158, 385, 386, 387];
const LOWER_LIDS = [144, 145, 153, 380, 374, 373];
const MOUTH_CORNERS = [61, 291];
const LIPS = [0, 13, 14, 17];
const NOSE_BASE = [2];
/** The person's right is the picture's left. */
const WIDTH = [term(1, 0, [291]), term(-1, 0, [61])];
const scaled = (terms: readonly Term[], by: number): Term[] =>
  terms.map((one) => ({ ...one, weight: one.weight * by }));

/** Each grows with what its lane is named for, cm. */
const TERMS: Readonly<Record<FaceMeasure, readonly Term[]>> = {
  jaw: [term(1, 1, [13]), term(-1, 1, [14])],
  smile: [term(1, 1, MOUTH_CORNERS), term(-1, 1, NOSE_BASE), ...scaled(WIDTH, 0.5)],
  brows: [term(1, 1, BROWS), term(-1, 1, EYE_CORNERS)],
  frown: [term(1, 0, INNER_BROWS[0]), term(-1, 0, INNER_BROWS[1])],
  squint: [term(-1, 1, UPPER_LIDS), term(1, 1, LOWER_LIDS)],
  pucker: [...scaled(WIDTH, -1), term(1, 2, LIPS), term(-1, 2, MOUTH_CORNERS)],
};

/** How far a face does something, cm: linear in its expression. */
export class Measure {
  /** Of a face at rest. */
  readonly rest: number;
  /** cm a unit of each coefficient [64]. */
  readonly slopes: Float64Array;

  constructor({ neutral, expressionBasis }: Pick<Rig, 'neutral' | 'expressionBasis'>, name: FaceMeasure) {
    const of = (values: Float32Array, base: number): number =>
      TERMS[name].reduce(
        (sum, { weight, axis, vertices }) =>
          sum +
          (weight * vertices.reduce((total, vertex) => total + values[base + vertex * 3 + axis]!, 0)) / vertices.length,
        0,
      );
    this.rest = of(neutral, 0);
    this.slopes = Float64Array.from({ length: EXPRESSIONS }, (_, k) => of(expressionBasis, k * VERTICES * 3));
  }

  /** Of row `row` of expressions [T,64]. */
  at(expressions: ArrayLike<number>, row = 0): number {
    let sum = this.rest;
    for (let k = 0; k < EXPRESSIONS; k++) sum += this.slopes[k]! * expressions[row * EXPRESSIONS + k]!;
    return sum;
  }
}
