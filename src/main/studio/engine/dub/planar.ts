/**
 * Pictures as video carries them: BT.709, 8 bits, limited range, 4:2:0 with chroma sited left (ITU-T H.264, annex E).
 * What a dub leaves alone goes from decoder to encoder without ever becoming RGB.
 */
import { CROP_SIDE } from '../../../../shared/face/index.ts';
import type { Control } from '../bundle/index.ts';
import { SeededRandom } from '../numbers/random.ts';
import { catmullRomTaps, type CropLayer, type Rectangle, type Taps } from '../draw/index.ts';

const PIXELS = CROP_SIDE * CROP_SIDE;
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

function noise(): Float32Array {
  const random = new SeededRandom(1);
  return Float32Array.from({ length: NOISE }, () => random.normal());
}

/** Lays layers over planar pictures, enlarged with Catmull-Rom. Buffers are kept between frames. */
export class PlanarCompositor {
  readonly #luma = new Float32Array(PIXELS); // each multiplied by the weight, as the layer is
  readonly #u = new Float32Array(PIXELS);
  readonly #v = new Float32Array(PIXELS);
  readonly #weight = new Float32Array(PIXELS);
  #stretched = new Float32Array(0);
  #weights = new Float32Array(0); // of the pixels being changed
  #spare = new Float32Array(0);
  /** What of luma the last call has changed. */
  #changed: { readonly rectangle: Rectangle; readonly weights: Float32Array<ArrayBuffer> } | null = null;
  readonly #noise = noise();

  /**
   * Blends `layer` over `target`: the layer's corner lies at `(originX, originY)` of the picture, in pixels, and
   * `scale` is crop pixels per picture pixel. Only pixels inside `bounds` change, and none where the layer weighs
   * nothing.
   */
  over(
    target: PlanarPicture,
    layer: CropLayer,
    originX: number,
    originY: number,
    scale: number,
    bounds: Rectangle,
  ): void {
    this.#separate(layer);
    const { width, height, planes } = target;
    const left = Math.max(0, bounds.left, Math.ceil(originX - 0.5));
    const top = Math.max(0, bounds.top, Math.ceil(originY - 0.5));
    const right = Math.min(width, bounds.left + bounds.width, Math.floor(originX + CROP_SIDE / scale - 0.5) + 1);
    const bottom = Math.min(height, bounds.top + bounds.height, Math.floor(originY + CROP_SIDE / scale - 0.5) + 1);
    this.#changed = null;
    if (right <= left || bottom <= top) return;
    const luma = width * height;
    this.#blend(
      planes.subarray(0, luma),
      width,
      [this.#luma],
      catmullRomTaps(left, right, originX, scale),
      catmullRomTaps(top, bottom, originY, scale),
      left,
      top,
    );
    const rectangle = { left, top, width: right - left, height: bottom - top };
    this.#changed = { rectangle, weights: this.#weights };
    this.#weights = this.#spare;
    this.#spare = this.#changed.weights;
    // A chroma sample lies on the centre of an even column and between two rows.
    const columns = catmullRomTaps(left >> 1, (right + 1) >> 1, originX / 2 + 0.25, scale * 2);
    const rows = catmullRomTaps(top >> 1, (bottom + 1) >> 1, originY / 2, scale * 2);
    this.#blend(planes.subarray(luma, luma * 1.5), width >> 1, [this.#u, this.#v], columns, rows, left >> 1, top >> 1);
  }

  /** Adds normal noise to the luma that the last `over` changed, as much as it was changed. `spread` in levels. */
  grain({ width, planes }: PlanarPicture, spread: number, random: SeededRandom): void {
    if (!this.#changed) return;
    const { rectangle, weights } = this.#changed;
    for (let row = 0; row < rectangle.height; row++) {
      const base = (rectangle.top + row) * width + rectangle.left;
      const first = Math.floor(random.next() * NOISE);
      for (let column = 0; column < rectangle.width; column++) {
        const weight = weights[row * rectangle.width + column]!;
        if (weight <= LEAST_WEIGHT) continue;
        const noise = this.#noise[(first + column) % NOISE]! * spread * weight;
        planes[base + column] = Math.min(Math.max(Math.round(planes[base + column]! + noise), 0), 255);
      }
    }
  }

  /** The layer's RGB as planes of Y, U, V and weight. */
  #separate(layer: CropLayer): void {
    for (let pixel = 0, at = 0; pixel < PIXELS; pixel++, at += 4) {
      const weight = layer[at + 3]!;
      const luma = RED * layer[at]! + GREEN * layer[at + 1]! + BLUE * layer[at + 2]!;
      this.#weight[pixel] = weight;
      this.#luma[pixel] = LUMA_LEVELS * luma + 16 * weight;
      this.#u[pixel] = (CHROMA_LEVELS / U_REACH) * (layer[at + 2]! - luma) + 128 * weight;
      this.#v[pixel] = (CHROMA_LEVELS / V_REACH) * (layer[at]! - luma) + 128 * weight;
    }
  }

  /** `pixels` holds as many planes of one size as there are `colours`. */
  #blend(
    pixels: Uint8Array,
    stride: number,
    colours: readonly Float32Array[],
    columns: Taps,
    rows: Taps,
    left: number,
    top: number,
  ): void {
    const width = columns.first.length / 4;
    const height = rows.first.length / 4;
    if (this.#weights.length < width * height) this.#weights = new Float32Array(width * height);
    const weights = this.#weights;
    this.#enlarge(this.#weight, columns, rows, (weight, row, column) => (weights[row * width + column] = weight));
    for (const [plane, colour] of colours.entries()) {
      const base = (pixels.length / colours.length) * plane + top * stride + left;
      this.#enlarge(colour, columns, rows, (value, row, column) => {
        const weight = weights[row * width + column]!;
        if (weight <= LEAST_WEIGHT) return;
        const at = base + row * stride + column;
        const level = value + pixels[at]! * (1 - weight) + 0.5;
        pixels[at] = level <= 0 ? 0 : level >= 255 ? 255 : level;
      });
    }
  }

  #enlarge(
    plane: Float32Array,
    columns: Taps,
    rows: Taps,
    take: (value: number, row: number, column: number) => void,
  ): void {
    const width = columns.first.length / 4;
    if (this.#stretched.length < CROP_SIDE * width) this.#stretched = new Float32Array(CROP_SIDE * width);
    const stretched = this.#stretched;
    const last = rows.first.at(-1)!;
    for (let y = rows.first[0]!; y <= last; y++) {
      const { first, weight } = columns;
      const base = y * CROP_SIDE;
      for (let column = 0, k = 0; column < width; column++, k += 4) {
        stretched[y * width + column] =
          weight[k]! * plane[base + first[k]!]! +
          weight[k + 1]! * plane[base + first[k + 1]!]! +
          weight[k + 2]! * plane[base + first[k + 2]!]! +
          weight[k + 3]! * plane[base + first[k + 3]!]!;
      }
    }
    const { first, weight } = rows;
    for (let k = 0, row = 0; k < first.length; k += 4, row++) {
      const a = first[k]! * width;
      const b = first[k + 1]! * width;
      const c = first[k + 2]! * width;
      const d = first[k + 3]! * width;
      for (let column = 0; column < width; column++) {
        const value =
          weight[k]! * stretched[a + column]! +
          weight[k + 1]! * stretched[b + column]! +
          weight[k + 2]! * stretched[c + column]! +
          weight[k + 3]! * stretched[d + column]!;
        take(value, row, column);
      }
    }
  }
}
