import type { Spans } from './spans.ts';

const A = -0.75; // as the trainer's (OpenCV's) cubic convolution

/** Weights of the four samples round `t`, 0..1 after the second of them, into `out` at `at`. */
function weigh(t: number, out: Float64Array, at: number): void {
  out[at] = ((A * (t + 1) - 5 * A) * (t + 1) + 8 * A) * (t + 1) - 4 * A;
  out[at + 1] = ((A + 2) * t - (A + 3)) * t * t + 1;
  out[at + 2] = ((A + 2) * (1 - t) - (A + 3)) * (1 - t) * (1 - t) + 1;
  out[at + 3] = 1 - out[at]! - out[at + 1]! - out[at + 2]!;
}

/** Samples a square picture of four floats a pixel; its edge is repeated. */
export class CubicSampler {
  readonly #picture: Float32Array; // [side,side,4]
  readonly #side: number;
  /** By the row of the second sample: the columns of the second sample that see anything, first and last. */
  readonly #seeing: Int32Array; // [side,2]
  readonly #weights = new Float64Array(8); // of columns, of rows
  readonly #columns = new Int32Array(4);

  /** Outside of `spans` the picture is always 0. */
  constructor(picture: Float32Array, side: number, spans: Spans) {
    this.#picture = picture;
    this.#side = side;
    this.#seeing = seeing(spans, side);
  }

  /** At `positions` [N,2], `scale` times which are pixels from the picture's corner, into `out` [N,4]. */
  sample(positions: Float32Array, scale: number, out: Float32Array): void {
    for (let i = 0; i < positions.length; i += 2)
      this.#sampleOne(positions[i]! * scale, positions[i + 1]! * scale, out, i * 2);
  }

  #sampleOne(x: number, y: number, out: Float32Array, to: number): void {
    const picture = this.#picture;
    const side = this.#side;
    const weights = this.#weights;
    const columns = this.#columns;
    const u = Math.min(Math.max(x - 0.5, -2), side + 1);
    const v = Math.min(Math.max(y - 0.5, -2), side + 1);
    const column = Math.floor(u);
    const row = Math.floor(v);
    const near = 2 * Math.min(Math.max(row, 0), side - 1);
    if (column < this.#seeing[near]! || column > this.#seeing[near + 1]!) {
      out[to] = out[to + 1] = out[to + 2] = out[to + 3] = 0;
      return;
    }
    weigh(u - column, weights, 0);
    weigh(v - row, weights, 4);
    for (let j = 0; j < 4; j++) columns[j] = 4 * Math.min(Math.max(column - 1 + j, 0), side - 1);
    const [wa, wb, wc, wd] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!];
    const [ca, cb, cc, cd] = [columns[0]!, columns[1]!, columns[2]!, columns[3]!];
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    for (let i = 0; i < 4; i++) {
      const weight = weights[4 + i]!;
      const base = 4 * side * Math.min(Math.max(row - 1 + i, 0), side - 1);
      const a = base + ca;
      const b = base + cb;
      const c = base + cc;
      const d = base + cd;
      red += weight * (wa * picture[a]! + wb * picture[b]! + wc * picture[c]! + wd * picture[d]!);
      green += weight * (wa * picture[a + 1]! + wb * picture[b + 1]! + wc * picture[c + 1]! + wd * picture[d + 1]!);
      blue += weight * (wa * picture[a + 2]! + wb * picture[b + 2]! + wc * picture[c + 2]! + wd * picture[d + 2]!);
      alpha += weight * (wa * picture[a + 3]! + wb * picture[b + 3]! + wc * picture[c + 3]! + wd * picture[d + 3]!);
    }
    out[to] = red;
    out[to + 1] = green;
    out[to + 2] = blue;
    out[to + 3] = alpha;
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
