import { addressOf, kernelFloats, kernelInts, kernels } from '../../kernels/index.ts';
import type { Spans } from './spans.ts';

const A = -0.75;

/** How far what lies at some place is moved, over the whole side of a picture. */
export interface OffsetGrid {
  readonly side: number;
  readonly offsets: Float32Array; // [side,side,2] of the kernels', 256ths of the picture's side
}

/** Samples a square picture of four floats a pixel by cubic convolution, as the trainer does; its edge is repeated. */
export class CubicSampler {
  readonly #picture: Float32Array; // [side,side,4]
  readonly #side: number;
  /** By the row of the second sample: the columns of the second sample that see anything, first and last. */
  readonly #seeing: Int32Array; // [side,2]
  #places = kernelFloats(0); // [row,4]

  /** Outside of `spans` the picture is always 0. */
  constructor(picture: Float32Array, side: number, spans: Spans) {
    this.#picture = picture;
    this.#side = side;
    this.#seeing = kernelInts(seeing(spans, side));
  }

  /**
   * A row of `count` positions [.,2], in 256ths of the side, moved by what the grid says, into `out` [.,4]: kept within
   * 0..255, the fourth times `share`. Both are addresses.
   */
  sampleRow(positions: number, count: number, grid: OffsetGrid | null, out: number, share: number): void {
    if (this.#places.length < count * 4) this.#places = kernelFloats(count * 4);
    const places = addressOf(this.#places);
    // Two steps, so that the processor need not wait for one pixel's place before it goes on to the next.
    kernels.locate(positions, count, this.#side, grid ? addressOf(grid.offsets) : 0, grid ? grid.side : 0, places);
    kernels.sample(addressOf(this.#picture), this.#side, addressOf(this.#seeing), places, count, share, out);
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
