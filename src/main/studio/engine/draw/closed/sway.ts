import { SWAY_KNOTS } from '../../bundle/index.ts';

/**
 * What a frame's sway adds to a grid of offsets: cubic B-splines over the chart, as much of them as each place is
 * loose. The twin of the trainer's `appearance/sway.py`. Allocates nothing.
 */
export class Sway {
  readonly #loose: Float32Array; // [side,side]
  readonly #side: number;
  readonly #weights: Float64Array; // [side,knots]
  readonly #across: Float64Array; // [knots,side,2]: a row of knots, at each column

  constructor(loose: Float32Array) {
    this.#loose = loose;
    this.#side = Math.sqrt(loose.length);
    this.#weights = splines(this.#side);
    this.#across = new Float64Array(SWAY_KNOTS * this.#side * 2);
  }

  /** `sway` [knots,knots,2] to `offsets` [side,side,2]. */
  addTo(offsets: Float32Array, sway: Float32Array): void {
    const [side, weights, across, loose] = [this.#side, this.#weights, this.#across, this.#loose];
    across.fill(0);
    for (let knotRow = 0; knotRow < SWAY_KNOTS; knotRow++)
      for (let column = 0; column < side; column++)
        for (let knot = 0; knot < SWAY_KNOTS; knot++) {
          const weight = weights[column * SWAY_KNOTS + knot]!;
          const [from, to] = [(knotRow * SWAY_KNOTS + knot) * 2, (knotRow * side + column) * 2];
          across[to] = across[to]! + weight * sway[from]!;
          across[to + 1] = across[to + 1]! + weight * sway[from + 1]!;
        }
    for (let row = 0, at = 0; row < side; row++)
      for (let column = 0; column < side; column++, at += 2) {
        let [x, y] = [0, 0];
        for (let knotRow = 0; knotRow < SWAY_KNOTS; knotRow++) {
          const weight = weights[row * SWAY_KNOTS + knotRow]!;
          x += weight * across[(knotRow * side + column) * 2]!;
          y += weight * across[(knotRow * side + column) * 2 + 1]!;
        }
        const share = loose[row * side + column]!;
        offsets[at] = offsets[at]! + share * x;
        offsets[at + 1] = offsets[at + 1]! + share * y;
      }
  }
}

/** How much of each knot there is at the middles of a grid's cells. */
function splines(side: number): Float64Array {
  const weights = new Float64Array(side * SWAY_KNOTS);
  for (let cell = 0; cell < side; cell++)
    for (let knot = 0; knot < SWAY_KNOTS; knot++) {
      const away = Math.abs(((cell + 0.5) * SWAY_KNOTS) / side - 0.5 - knot);
      weights[cell * SWAY_KNOTS + knot] = away < 1 ? 2 / 3 - away ** 2 + away ** 3 / 2 : Math.max(2 - away, 0) ** 3 / 6;
    }
  return weights;
}
