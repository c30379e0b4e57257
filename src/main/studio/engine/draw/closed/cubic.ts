import { addressOf, bringBack, kernelInts, kernels } from '../../kernels/index.ts';
import type { Spans } from './spans.ts';

const A = -0.75;

/** Samples a square picture of four floats a pixel by cubic convolution, as the trainer does; its edge is repeated. */
export class CubicSampler {
  readonly #picture: Float32Array; // [side,side,4]
  readonly #side: number;
  /** By the row of the second sample: the columns of the second sample that see anything, first and last. */
  readonly #seeing: Int32Array; // [side,2]

  /** Outside of `spans` the picture is always 0. */
  constructor(picture: Float32Array, side: number, spans: Spans) {
    this.#picture = picture;
    this.#side = side;
    this.#seeing = kernelInts(seeing(spans, side));
  }

  /**
   * At `positions` [N,2], `scale` times which are pixels from the picture's corner, into `out` [N,4]: kept within
   * 0..255, the fourth times `share`.
   */
  sample(positions: Float32Array, scale: number, out: Float32Array, share = 1): void {
    kernels.sample(
      addressOf(this.#picture),
      this.#side,
      addressOf(this.#seeing),
      addressOf(positions),
      positions.length / 2,
      scale,
      share,
      addressOf(out),
    );
    bringBack(out);
  }
}

/** Samples lie one row and column before and two after; before the first and after the last row these are repeated. */
function seeing(spans: Spans, side: number): Int32Array {
  const out = new Int32Array(side * 2);
  for (let row = 0; row < side; row++) {
    let first = side + 8;
    let past = -8;
    for (let near = Math.max(row - 3, 0); near <= Math.min(row + 3, side - 1); near++) {
      if (spans[near * 2 + 1] === 0) continue;
      first = Math.min(first, spans[near * 2]!);
      past = Math.max(past, spans[near * 2 + 1]!);
    }
    out[row * 2] = first - 2;
    out[row * 2 + 1] = past + 1;
  }
  return out;
}

/** Of a sample so many pixels away, 0..2: the trainer's (OpenCV's) cubic convolution, as in kernels/sample.ts. */
export function cubicWeight(away: number): number {
  if (away < 1) return ((A + 2) * away - (A + 3)) * away * away + 1;
  return away < 2 ? ((A * away - 5 * A) * away + 8 * A) * away - 4 * A : 0;
}
