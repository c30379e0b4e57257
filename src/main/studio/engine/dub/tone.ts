import { CROP_SIDE } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { type Proxies, RAY_SIDE } from '../draw/index.ts';
import { colourAt, type PlanarPicture } from './planar.ts';

const BOX = 19; // cm; points are divided by it
const SETTLE_SECONDS = 0.5;
const MOST_GAIN = 1.12;
const MOST_BIAS = 24; // grey levels
const LEAST_SAMPLES = 24;
/** Compared is skin that speech does not move: from this far above the lips upwards. */
const ABOVE_LIPS = 2.5; // cm
const BELOW_HAIR = 1; // cm under the top of the forehead
const FOREHEAD = 10;

/**
 * Fits what is drawn to the light of the source frame: gain and bias of luma, bias of both chromas (BT.601), measured
 * on the upper face, where source and drawing show the same thing, and followed slowly so that nothing flickers.
 */
export class ToneMatch {
  readonly #rig: Rig;
  #gain = 1;
  #pivot = 128;
  readonly #bias = new Float64Array(3);
  #settled = false;

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  /**
   * Measures one frame: `crop` in source pixels, `zoom` picture pixels a source pixel, `seconds` since the frame
   * before.
   */
  follow(
    proxies: Proxies,
    rgba: Uint8Array,
    picture: PlanarPicture,
    crop: Float32Array,
    zoom: number,
    seconds: number,
  ): void {
    const found = this.#compare(proxies, rgba, picture, crop, zoom);
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

  #compare(
    { points, region }: Proxies,
    rgba: Uint8Array,
    picture: PlanarPicture,
    crop: Float32Array,
    zoom: number,
  ): { gain: number; pivot: number; bias: number[] } | null {
    const [x0, y0, size] = crop.map((value) => value * zoom) as unknown as [number, number, number];
    const lowest = this.#rig.lipCentre[1]! + ABOVE_LIPS;
    const highest = this.#rig.neutral[FOREHEAD * 3 + 1]! - BELOW_HAIR;
    const shown = new Float64Array(3); // the source's colour
    const sums = { count: 0, ry: 0, ryy: 0, sy: 0, syy: 0, du: 0, dv: 0 };
    for (let ray = 0; ray < RAY_SIDE * RAY_SIDE; ray++) {
      const column = (ray % RAY_SIDE) * 4 + 2;
      const row = Math.floor(ray / RAY_SIDE) * 4 + 2;
      if (region[row * CROP_SIDE + column] !== 1) continue;
      const height = points[ray * 3 + 1]! * BOX;
      if (height < lowest || height > highest) continue;
      const x = Math.floor(x0 + ((column + 0.5) / CROP_SIDE) * size);
      const y = Math.floor(y0 + ((row + 0.5) / CROP_SIDE) * size);
      if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) continue;
      colourAt(picture, x, y, shown);
      const r = (row * CROP_SIDE + column) * 4;
      const sourceLuma = lumaOf(shown, 0);
      const luma = lumaOf(rgba, r);
      sums.count += 1;
      sums.ry += luma;
      sums.ryy += luma * luma;
      sums.sy += sourceLuma;
      sums.syy += sourceLuma * sourceLuma;
      sums.du += (shown[2]! - sourceLuma - (rgba[r + 2]! - luma)) / 1.772;
      sums.dv += (shown[0]! - sourceLuma - (rgba[r]! - luma)) / 1.402;
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
}

function lumaOf(pixels: Uint8Array | Float64Array, at: number): number {
  return 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
}

function clampByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}
