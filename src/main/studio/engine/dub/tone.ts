import { CROP_SIDE } from '../../../../shared/face/index.ts';
import { colourAt, type PlanarPicture } from './planar.ts';
import type { Place } from './upper-face.ts';

const SETTLE_SECONDS = 0.5;
const MOST_GAIN = 1.12;
const MOST_BIAS = 24; // grey levels
const LEAST_SAMPLES = 24;

/**
 * Fits what is drawn to the light of the source frame: gain and bias of luma, bias of both chromas (BT.601), measured
 * on the upper face, where source and drawing show the same thing, and followed slowly so that nothing flickers.
 */
export class ToneMatch {
  #gain = 1;
  #pivot = 128;
  readonly #bias = new Float64Array(3);
  #settled = false;

  /** Measures one frame at places of the upper face; `seconds` since the frame before. */
  follow(places: readonly Place[], rgba: Uint8Array, picture: PlanarPicture, seconds: number): void {
    const found = compare(places, rgba, picture);
    if (!found) return;
    const share = this.#settled ? 1 - Math.exp(-seconds / SETTLE_SECONDS) : 1;
    this.#settled = true;
    this.#gain += (found.gain - this.#gain) * share;
    this.#pivot += (found.pivot - this.#pivot) * share;
    for (let c = 0; c < 3; c++) this.#bias[c] = this.#bias[c]! + (found.bias[c]! - this.#bias[c]!) * share;
  }

  /** Applies the match to RGB bytes in place, where `mask` says they will be used. */
  apply(rgba: Uint8Array, mask: Float32Array): void {
    const [y, u, v] = this.#bias as unknown as [number, number, number];
    const red = 1.402 * v;
    const green = -0.344136 * u - 0.714136 * v;
    const blue = 1.772 * u;
    for (let pixel = 0, at = 0; pixel < mask.length; pixel++, at += 4) {
      if (mask[pixel] === 0) continue;
      const luma = 0.299 * rgba[at]! + 0.587 * rgba[at + 1]! + 0.114 * rgba[at + 2]!;
      const change = y + (this.#gain - 1) * (luma - this.#pivot);
      rgba[at] = clampByte(rgba[at]! + change + red);
      rgba[at + 1] = clampByte(rgba[at + 1]! + change + green);
      rgba[at + 2] = clampByte(rgba[at + 2]! + change + blue);
    }
  }
}

function compare(
  places: readonly Place[],
  rgba: Uint8Array,
  picture: PlanarPicture,
): { gain: number; pivot: number; bias: number[] } | null {
  const n = places.length;
  if (n < LEAST_SAMPLES) return null;
  const shown = new Float64Array(3); // the source's colour
  const sums = { ry: 0, ryy: 0, sy: 0, syy: 0, du: 0, dv: 0 };
  for (const { row, column, x, y } of places) {
    colourAt(picture, x, y, shown);
    const r = (row * CROP_SIDE + column) * 4;
    const sourceLuma = lumaOf(shown, 0);
    const luma = lumaOf(rgba, r);
    sums.ry += luma;
    sums.ryy += luma * luma;
    sums.sy += sourceLuma;
    sums.syy += sourceLuma * sourceLuma;
    sums.du += (shown[2]! - sourceLuma - (rgba[r + 2]! - luma)) / 1.772;
    sums.dv += (shown[0]! - sourceLuma - (rgba[r]! - luma)) / 1.402;
  }
  const spread = (sum: number, squares: number) => Math.sqrt(Math.max(squares / n - (sum / n) ** 2, 1));
  return {
    gain: Math.min(Math.max(spread(sums.sy, sums.syy) / spread(sums.ry, sums.ryy), 1 / MOST_GAIN), MOST_GAIN),
    pivot: sums.ry / n,
    bias: [(sums.sy - sums.ry) / n, sums.du / n, sums.dv / n].map((bias) =>
      Math.min(Math.max(bias, -MOST_BIAS), MOST_BIAS),
    ),
  };
}

function lumaOf(pixels: Uint8Array | Float64Array, at: number): number {
  return 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
}

function clampByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}
