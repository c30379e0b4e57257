import { SIDE } from './mesh.ts';

/**
 * A head crop ready to be laid over a picture: 256x256, four floats a pixel, colour 0..255 already multiplied
 * by the weight in the fourth. Multiplied colours are what may be interpolated without a rim around the head.
 */
export type Layer = Float32Array;

/** A picture of interleaved 8-bit samples, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly pixels: Uint8Array;
}

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which crop pixels an output pixel blends, along one axis. */
interface Taps {
  readonly count: 2 | 4;
  readonly first: Int32Array; // [length * count] crop rows or columns
  readonly weight: Float32Array; // [length * count]
}

/** Bilinear for the live picture, Catmull-Rom for export: 256 pixels are enlarged there, and it keeps them crisp. */
export type Interpolation = 'linear' | 'cubic';

/** Lays layers over pictures of one size. Buffers are kept between frames. */
export class LayerCompositor {
  readonly #interpolation: Interpolation;
  #rows = new Float32Array(0);

  constructor(interpolation: Interpolation) {
    this.#interpolation = interpolation;
  }

  /**
   * Blends `layer` over `target` where crop position `(x - originX)·scale` of the picture's pixel x lies inside the crop
   * and inside `bounds`. `scale` is crop pixels per picture pixel.
   */
  over(target: Picture, layer: Layer, originX: number, originY: number, scale: number, bounds: Rectangle): void {
    const left = Math.max(0, bounds.left, Math.ceil(originX - 0.5));
    const top = Math.max(0, bounds.top, Math.ceil(originY - 0.5));
    const right = Math.min(target.width, bounds.left + bounds.width, Math.floor(originX + SIDE / scale - 0.5) + 1);
    const bottom = Math.min(target.height, bounds.top + bounds.height, Math.floor(originY + SIDE / scale - 0.5) + 1);
    if (right <= left || bottom <= top) return;
    const columns = tapsFor(left, right, originX, scale, this.#interpolation);
    const lines = tapsFor(top, bottom, originY, scale, this.#interpolation);
    const width = right - left;
    if (this.#rows.length < SIDE * width * 4) this.#rows = new Float32Array(SIDE * width * 4);
    this.#stretchRows(layer, columns, width, lines);
    this.#blend(target, left, top, width, bottom - top, lines);
  }

  /** Horizontal pass, over the crop rows that will be read. */
  #stretchRows(layer: Layer, columns: Taps, width: number, lines: Taps): void {
    const rows = this.#rows;
    const { count, first, weight } = columns;
    const from = lines.first.reduce((a, b) => Math.min(a, b));
    const to = lines.first.reduce((a, b) => Math.max(a, b));
    for (let y = from; y <= to; y++) {
      const base = y * SIDE * 4;
      let out = y * width * 4;
      for (let x = 0; x < width; x++, out += 4) {
        let r = 0;
        let g = 0;
        let b = 0;
        let a = 0;
        for (let k = x * count; k < (x + 1) * count; k++) {
          const at = base + first[k]! * 4;
          const w = weight[k]!;
          r += w * layer[at]!;
          g += w * layer[at + 1]!;
          b += w * layer[at + 2]!;
          a += w * layer[at + 3]!;
        }
        rows[out] = r;
        rows[out + 1] = g;
        rows[out + 2] = b;
        rows[out + 3] = a;
      }
    }
  }

  /** Vertical pass and the blend itself. */
  #blend({ pixels, width: stride, channels }: Picture, left: number, top: number, width: number, height: number, lines: Taps): void {
    const rows = this.#rows;
    const { count, first, weight } = lines;
    for (let y = 0; y < height; y++) {
      let out = ((top + y) * stride + left) * channels;
      for (let x = 0; x < width; x++, out += channels) {
        let r = 0;
        let g = 0;
        let b = 0;
        let a = 0;
        for (let k = y * count; k < (y + 1) * count; k++) {
          const at = (first[k]! * width + x) * 4;
          const w = weight[k]!;
          r += w * rows[at]!;
          g += w * rows[at + 1]!;
          b += w * rows[at + 2]!;
          a += w * rows[at + 3]!;
        }
        if (a <= 0.002) continue; // less than half a grey level: the picture stays what it is, to the bit
        const rest = 1 - a;
        pixels[out] = clampByte(r + pixels[out]! * rest);
        pixels[out + 1] = clampByte(g + pixels[out + 1]! * rest);
        pixels[out + 2] = clampByte(b + pixels[out + 2]! * rest);
      }
    }
  }
}

/** Straight RGBA bytes to a layer, each pixel's weight being alpha times `mask` (0..1), if there is one. */
export function toLayer(rgba: Uint8Array, mask: Float32Array | null, out: Layer): void {
  for (let pixel = 0, at = 0; pixel < SIDE * SIDE; pixel++, at += 4) {
    const weight = (rgba[at + 3]! / 255) * (mask ? mask[pixel]! : 1);
    out[at] = rgba[at]! * weight;
    out[at + 1] = rgba[at + 1]! * weight;
    out[at + 2] = rgba[at + 2]! * weight;
    out[at + 3] = weight;
  }
}

function tapsFor(begin: number, end: number, origin: number, scale: number, interpolation: Interpolation): Taps {
  const count = interpolation === 'linear' ? 2 : 4;
  const first = new Int32Array((end - begin) * count);
  const weight = new Float32Array((end - begin) * count);
  for (let i = begin, k = 0; i < end; i++) {
    const position = (i + 0.5 - origin) * scale - 0.5;
    const base = Math.floor(position);
    const t = position - base;
    for (let tap = 0; tap < count; tap++, k++) {
      const offset = count === 2 ? tap : tap - 1;
      first[k] = Math.min(Math.max(base + offset, 0), SIDE - 1);
      weight[k] = count === 2 ? (tap === 0 ? 1 - t : t) : catmullRom(Math.abs(t - offset));
    }
  }
  return { count, first, weight };
}

/** Keys 1981, a = -1/2. */
function catmullRom(x: number): number {
  if (x < 1) return 1 + x * x * (1.5 * x - 2.5);
  return x < 2 ? 2 - x * (4 - x * (2.5 - 0.5 * x)) : 0;
}

function clampByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}
