import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { centred, Products } from '../numbers/ridge.ts';

/** Along both brows; and the corners of both eyes, which their height is measured from. */
const BROWS = [63, 105, 66, 107, 336, 296, 334, 293] as const;
const CORNERS = [33, 133, 362, 263] as const;
const RIDGE = 1e-6;

/** How a person raises their brows: what of their expression does it, as far as speech does not set it. */
export class Brows {
  /** Change of the expression [64] that raises them by a centimetre, as this person does. */
  readonly raise: Float32Array;
  /** cm a unit of each coefficient. */
  readonly #slopes: Float64Array;

  private constructor(slopes: Float64Array, raise: Float32Array) {
    this.#slopes = slopes;
    this.raise = raise;
  }

  /** From expressions [T,64] without blinks. */
  static of({ expressionBasis, eyeMask }: Pick<Rig, 'expressionBasis' | 'eyeMask'>, open: Float32Array): Brows {
    const mean = (k: number, vertices: readonly number[]): number =>
      vertices.reduce((total, vertex) => total + expressionBasis[(k * VERTICES + vertex) * 3 + 1]!, 0) /
      vertices.length;
    const raw = Float64Array.from({ length: EXPRESSIONS }, (_, k) => mean(k, BROWS) - mean(k, CORNERS));
    const slopes = Float64Array.from({ length: EXPRESSIONS }, (_, k) =>
      raw.reduce((total, slope, i) => total + slope * eyeMask[i * EXPRESSIONS + k]!, 0),
    );
    const heights = centred(heightsOf(slopes, open));
    const power = heights.reduce((total, height) => total + height ** 2, 0);
    const along = Float64Array.from({ length: EXPRESSIONS }, (_, k) =>
      power > 0 ? heights.reduce((total, height, row) => total + height * open[row * EXPRESSIONS + k]!, 0) / power : 0,
    );
    const raise = Float32Array.from({ length: EXPRESSIONS }, (_, i) =>
      along.reduce((total, value, k) => total + eyeMask[i * EXPRESSIONS + k]! * value, 0),
    );
    return new Brows(slopes, raise);
  }

  /** Heights [T] in cm of expressions [T,64]. */
  heightsOf(expression: Float32Array): Float64Array {
    return heightsOf(this.#slopes, expression);
  }

  /** Heights [T] in cm, less what goes with how the head is held: the tracker tells the two apart only so well. */
  apartFrom(open: Float32Array, nods: Float64Array, turns: Float64Array): Float64Array {
    const held = [nods, turns, nods.map((x) => x * x), turns.map((x) => x * x)].map(centred);
    const heights = centred(heightsOf(this.#slopes, open));
    const weights = Products.of(held, [heights], 0, heights.length).weights(0, RIDGE);
    return heights.map(
      (height, row) => height - weights.reduce((total, weight, k) => total + weight * held[k]![row]!, 0),
    );
  }
}

function heightsOf(slopes: Float64Array, expression: Float32Array): Float64Array {
  const heights = new Float64Array(expression.length / EXPRESSIONS);
  for (let row = 0; row < heights.length; row++)
    for (let k = 0; k < EXPRESSIONS; k++) heights[row]! += slopes[k]! * expression[row * EXPRESSIONS + k]!;
  return heights;
}
