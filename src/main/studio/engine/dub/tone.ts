import type { CropLayer, Rectangle } from '../draw/index.ts';
import { addressOf, bringBack, kernels } from '../kernels/index.ts';
import { colourAt, type PlanarPicture } from './planar.ts';
import type { Place } from './upper-face.ts';

const SETTLE_SECONDS = 0.5;
const MOST_GAIN = 1.12;
const MOST_BIAS = 24; // grey levels
const LEAST_SAMPLES = 24;
const LEAST_DRAWN = 0.5; // what is hardly drawn has no colour to compare

/**
 * Fits what is drawn to the light of the source frame: gain and bias of luma, bias of both chromas (BT.601), measured
 * on the upper face, where source and drawing show the same thing, and followed slowly so that nothing flickers.
 */
export class ToneMatch {
  #gain = 1;
  #pivot = 128;
  readonly #bias = new Float64Array(3);

  /** Goes on from what the frames before left in `film` [6], `seconds` after the last of them, and leaves it there. */
  follow(film: Float64Array, found: ToneDifference | null, seconds: number): void {
    const [settled, gain, pivot] = film as unknown as [number, number, number];
    const share = settled ? 1 - Math.exp(-seconds / SETTLE_SECONDS) : 1;
    [this.#gain, this.#pivot] = settled ? [gain, pivot] : [1, 128];
    this.#bias.set(film.subarray(3));
    if (!found) return;
    this.#gain += (found.gain - this.#gain) * share;
    this.#pivot += (found.pivot - this.#pivot) * share;
    for (let c = 0; c < 3; c++) this.#bias[c] = this.#bias[c]! + (found.bias[c]! - this.#bias[c]!) * share;
    film.set([1, this.#gain, this.#pivot, ...this.#bias]);
  }

  /** Applies the match to a layer in place. */
  apply(layer: CropLayer): void {
    const [y, u, v] = this.#bias as unknown as [number, number, number];
    const red = 1.402 * v;
    const green = -0.344136 * u - 0.714136 * v;
    const blue = 1.772 * u;
    kernels.tone(addressOf(layer), layer.length / 4, this.#gain - 1, this.#pivot, y + red, y + green, y + blue);
    bringBack(layer);
  }
}

/** What has to be done to a drawing for its upper face to look as filmed. */
export interface ToneDifference {
  readonly gain: number;
  readonly pivot: number;
  readonly bias: readonly number[]; // [3]
}

/**
 * Measured on one frame at places of the upper face: `layer` is what was drawn, of the picture's part `rectangle`. Null
 * where there is too little of it.
 */
export function toneDifference(
  places: readonly Place[],
  layer: CropLayer,
  { left, top, width, height }: Rectangle,
  picture: PlanarPicture,
): ToneDifference | null {
  const shown = new Float64Array(3); // the source's colour
  const drawn = new Float64Array(3);
  const sums = { count: 0, ry: 0, ryy: 0, sy: 0, syy: 0, du: 0, dv: 0 };
  for (const { x, y } of places) {
    if (x < left || y < top || x >= left + width || y >= top + height) continue;
    const at = ((y - top) * width + x - left) * 4;
    const weight = layer[at + 3]!;
    if (weight < LEAST_DRAWN) continue;
    for (let c = 0; c < 3; c++) drawn[c] = layer[at + c]! / weight;
    colourAt(picture, x, y, shown);
    const sourceLuma = lumaOf(shown, 0);
    const luma = lumaOf(drawn, 0);
    sums.count += 1;
    sums.ry += luma;
    sums.ryy += luma * luma;
    sums.sy += sourceLuma;
    sums.syy += sourceLuma * sourceLuma;
    sums.du += (shown[2]! - sourceLuma - (drawn[2]! - luma)) / 1.772;
    sums.dv += (shown[0]! - sourceLuma - (drawn[0]! - luma)) / 1.402;
  }
  const n = sums.count;
  if (n < LEAST_SAMPLES) return null;
  const spread = (sum: number, squares: number) => Math.sqrt(Math.max(squares / n - (sum / n) ** 2, 1));
  return {
    gain: Math.min(Math.max(spread(sums.sy, sums.syy) / spread(sums.ry, sums.ryy), 1 / MOST_GAIN), MOST_GAIN),
    pivot: sums.ry / n,
    bias: [(sums.sy - sums.ry) / n, sums.du / n, sums.dv / n].map((bias) =>
      Math.min(Math.max(bias, -MOST_BIAS), MOST_BIAS),
    ),
  };
}

function lumaOf(pixels: Float32Array | Float64Array, at: number): number {
  return 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
}
