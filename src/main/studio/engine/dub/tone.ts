import { CROP_SIDE } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { type CropLayer, type Placement, type Proxies, RAY_SIDE, type Rectangle } from '../draw/index.ts';
import { addressOf, bringBack, kernels } from '../kernels/index.ts';
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
const LEAST_DRAWN = 0.5; // what is hardly drawn has no colour to compare

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
   * Measures one frame: `layer` is what was drawn, of the picture's part `rectangle`; `seconds` since the frame before.
   */
  follow(
    proxies: Proxies,
    layer: CropLayer,
    rectangle: Rectangle,
    picture: PlanarPicture,
    placement: Placement,
    seconds: number,
  ): void {
    const found = this.#compare(proxies, layer, rectangle, picture, placement);
    if (!found) return;
    const share = this.#settled ? 1 - Math.exp(-seconds / SETTLE_SECONDS) : 1;
    this.#settled = true;
    this.#gain += (found.gain - this.#gain) * share;
    this.#pivot += (found.pivot - this.#pivot) * share;
    for (let c = 0; c < 3; c++) this.#bias[c] = this.#bias[c]! + (found.bias[c]! - this.#bias[c]!) * share;
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

  #compare(
    { points, region }: Proxies,
    layer: CropLayer,
    { left, top, width, height: rows }: Rectangle,
    picture: PlanarPicture,
    { originX, originY, scale }: Placement,
  ): { gain: number; pivot: number; bias: number[] } | null {
    const lowest = this.#rig.lipCentre[1]! + ABOVE_LIPS;
    const highest = this.#rig.neutral[FOREHEAD * 3 + 1]! - BELOW_HAIR;
    const shown = new Float64Array(3); // the source's colour
    const drawn = new Float64Array(3);
    const sums = { count: 0, ry: 0, ryy: 0, sy: 0, syy: 0, du: 0, dv: 0 };
    for (let ray = 0; ray < RAY_SIDE * RAY_SIDE; ray++) {
      const column = (ray % RAY_SIDE) * 4 + 2;
      const row = Math.floor(ray / RAY_SIDE) * 4 + 2;
      if (region[row * CROP_SIDE + column] !== 1) continue;
      const height = points[ray * 3 + 1]! * BOX;
      if (height < lowest || height > highest) continue;
      const x = Math.floor(originX + (column + 0.5) / scale);
      const y = Math.floor(originY + (row + 0.5) / scale);
      if (x < left || y < top || x >= left + width || y >= top + rows) continue;
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
}

function lumaOf(pixels: Float32Array | Float64Array, at: number): number {
  return 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
}
