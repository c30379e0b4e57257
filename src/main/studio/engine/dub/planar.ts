/**
 * Pictures as video carries them: BT.709, 8 bits, limited range, 4:2:0 with chroma sited left (ITU-T H.264, annex E).
 * What a dub leaves alone goes from decoder to encoder without ever becoming RGB.
 */
import type { Control } from '../bundle/index.ts';
import { byteOf, type CropLayer, LEAST_WEIGHT, type Rectangle } from '../draw/index.ts';

const RED = 0.2126;
const BLUE = 0.0722;
const GREEN = 1 - RED - BLUE;
const U_REACH = 2 * (1 - BLUE); // blue minus luma over U
const V_REACH = 2 * (1 - RED);
const LUMA_LEVELS = 219 / 255;
const CHROMA_LEVELS = 224 / 255;
/** A chroma sample lies on the centre of an even column and between two rows. */
const CHROMA_TAPS = [0.25, 0.5, 0.25] as const;

export interface PlanarPicture {
  /** Both even. */
  readonly width: number;
  readonly height: number;
  /** Luma [height,width], then U and V [height/2,width/2]. */
  readonly planes: Uint8Array;
}

/** One frame to dub: the picture is changed in place. */
export interface DubFrame {
  readonly picture: PlanarPicture;
  /** Picture pixels a source pixel. */
  readonly zoom: number;
  readonly driven: Control;
  readonly source: Control;
  readonly opacity: number;
  /** Since the frame before. */
  readonly seconds: number;
}

/** R, G, B on a 0..255 scale, not clamped, of pixel (x, y) into `out` [3]. */
export function colourAt({ width, height, planes }: PlanarPicture, x: number, y: number, out: Float64Array): void {
  const luma = (planes[y * width + x]! - 16) / LUMA_LEVELS;
  const at = width * height + (y >> 1) * (width >> 1) + (x >> 1);
  const u = (planes[at]! - 128) / CHROMA_LEVELS;
  const v = (planes[at + ((width * height) >> 2)]! - 128) / CHROMA_LEVELS;
  out[0] = luma + V_REACH * v;
  out[1] = luma - ((BLUE * U_REACH) / GREEN) * u - ((RED * V_REACH) / GREEN) * v;
  out[2] = luma + U_REACH * u;
}

/** Lays layers over planar pictures. The buffer is kept between frames. */
export class PlanarCompositor {
  #chroma = new Float32Array(0); // [height/2,width/2,3] U, V, each multiplied by the weight, and the weight

  /**
   * Blends `layer` [height,width,4] over the part `rectangle` of `target`, whose numbers are all even. Nothing changes
   * where the layer weighs nothing.
   */
  over(target: PlanarPicture, layer: CropLayer, rectangle: Rectangle): void {
    this.#blendLuma(target, layer, rectangle);
    this.#gatherChroma(layer, rectangle);
    this.#blendChroma(target, rectangle);
  }

  #blendLuma(
    { planes, width: stride }: PlanarPicture,
    layer: CropLayer,
    { left, top, width, height }: Rectangle,
  ): void {
    for (let row = 0, at = 0; row < height; row++) {
      let pixel = (top + row) * stride + left;
      for (const end = pixel + width; pixel < end; pixel++, at += 4) {
        const weight = layer[at + 3]!;
        if (weight <= LEAST_WEIGHT) continue;
        const luma = LUMA_LEVELS * lumaAt(layer, at) + 16 * weight;
        planes[pixel] = byteOf(luma + planes[pixel]! * (1 - weight));
      }
    }
  }

  #gatherChroma(layer: CropLayer, { width, height }: Rectangle): void {
    const size = ((width * height) >> 2) * 3;
    if (this.#chroma.length < size) this.#chroma = new Float32Array(size);
    const chroma = this.#chroma;
    for (let row = 0, to = 0; row < height; row += 2) {
      for (let column = 0; column < width; column += 2, to += 3) {
        let [u, v, weight] = [0, 0, 0];
        for (let tap = 0; tap < 3; tap++) {
          const near = Math.max(0, column + tap - 1);
          const share = CHROMA_TAPS[tap]! / 2;
          for (let y = row; y < row + 2; y++) {
            const at = (y * width + near) * 4;
            const luma = lumaAt(layer, at);
            u += share * (layer[at + 2]! - luma);
            v += share * (layer[at]! - luma);
            weight += share * layer[at + 3]!;
          }
        }
        chroma[to] = (CHROMA_LEVELS / U_REACH) * u + 128 * weight;
        chroma[to + 1] = (CHROMA_LEVELS / V_REACH) * v + 128 * weight;
        chroma[to + 2] = weight;
      }
    }
  }

  #blendChroma({ planes, width, height }: PlanarPicture, part: Rectangle): void {
    const chroma = this.#chroma;
    const [u, v] = [width * height, (width * height * 5) / 4];
    for (let row = 0, at = 0; row < part.height / 2; row++) {
      let sample = (part.top / 2 + row) * (width / 2) + part.left / 2;
      for (const end = sample + part.width / 2; sample < end; sample++, at += 3) {
        const weight = chroma[at + 2]!;
        if (weight <= LEAST_WEIGHT) continue;
        planes[u + sample] = byteOf(chroma[at]! + planes[u + sample]! * (1 - weight));
        planes[v + sample] = byteOf(chroma[at + 1]! + planes[v + sample]! * (1 - weight));
      }
    }
  }
}

function lumaAt(layer: CropLayer, at: number): number {
  return RED * layer[at]! + GREEN * layer[at + 1]! + BLUE * layer[at + 2]!;
}
