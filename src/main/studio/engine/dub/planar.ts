/**
 * Pictures as video carries them: BT.709, 8 bits, limited range, 4:2:0 with chroma sited left (ITU-T H.264, annex E).
 * What a dub leaves alone goes from decoder to encoder without ever becoming RGB.
 */
import type { Control } from '../bundle/index.ts';
import type { CropLayer, Rectangle } from '../draw/index.ts';
import { addressOf, kernelOctets, kernels } from '../kernels/index.ts';
import { SeededRandom } from '../numbers/random.ts';

const RED = 0.2126;
const BLUE = 0.0722;
const GREEN = 1 - RED - BLUE;
const U_REACH = 2 * (1 - BLUE); // blue minus luma over U
const V_REACH = 2 * (1 - RED);
const LUMA_LEVELS = 219 / 255;
const CHROMA_LEVELS = 224 / 255;
/** Less than half a grey level of weight leaves the picture as it is, to the bit. */
const LEAST_WEIGHT = 0.002;
/** Numbers of noise that are kept; a row begins anywhere among them. */
const NOISE = 1 << 16;

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

let noise: Float32Array | undefined;

/** Made when they are first wanted. */
function noiseNumbers(): Float32Array {
  if (noise) return noise;
  const random = new SeededRandom(1);
  return (noise = Float32Array.from({ length: NOISE }, () => random.normal()));
}

/** Lays layers over planar pictures. Buffers are kept between frames. */
export class PlanarCompositor {
  #rows = kernelOctets(0); // of the picture, those that the layer lies on

  /**
   * Blends `layer` [height,width,4] over the part `rectangle` of `target`, whose numbers are all even. Nothing changes
   * where the layer weighs nothing.
   */
  over(target: PlanarPicture, layer: CropLayer, { left, top, width, height }: Rectangle): void {
    const { planes, width: stride } = target;
    const luma = stride * target.height;
    const half = stride / 2;
    const whole = planes.subarray(top * stride, (top + height) * stride);
    const [u, v] = [luma, luma * 1.25].map((begin) =>
      planes.subarray(begin + (top / 2) * half, begin + ((top + height) / 2) * half),
    ) as [Uint8Array, Uint8Array];
    const parts = [whole, u, v];
    if (this.#rows.length < whole.length * 1.5) this.#rows = kernelOctets(whole.length * 1.5);
    const begins = [0, whole.length, whole.length * 1.25] as const;
    parts.forEach((part, i) => this.#rows.set(part, begins[i]));
    const [lumas, us, vs] = begins.map((begin) => addressOf(this.#rows) + begin) as [number, number, number];
    kernels.layLuma(addressOf(layer), width, height, lumas + left, stride);
    kernels.layChroma(addressOf(layer), width, height, us + left / 2, vs + left / 2, half);
    parts.forEach((part, i) => part.set(this.#rows.subarray(begins[i], begins[i]! + part.length)));
  }

  /**
   * Adds normal noise to the luma under a layer [height,width,4] that lies over `rectangle`, as much as it weighs.
   * `spread` in levels.
   */
  grain(
    { width: stride, planes }: PlanarPicture,
    layer: CropLayer,
    { left, top, width, height }: Rectangle,
    spread: number,
    random: SeededRandom,
  ): void {
    const numbers = noiseNumbers();
    for (let row = 0, pixel = 0; row < height; row++) {
      const base = (top + row) * stride + left;
      const first = Math.floor(random.next() * NOISE);
      for (let column = 0; column < width; column++, pixel++) {
        const weight = layer[pixel * 4 + 3]!;
        if (weight <= LEAST_WEIGHT) continue;
        const change = numbers[(first + column) % NOISE]! * spread * weight;
        planes[base + column] = Math.min(Math.max(Math.round(planes[base + column]! + change), 0), 255);
      }
    }
  }
}
