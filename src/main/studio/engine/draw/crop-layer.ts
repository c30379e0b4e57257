import { CROP_SIDE } from '../../../../shared/face/index.ts';

/**
 * A head crop ready to be laid over a picture: 256x256, four floats a pixel, colour 0..255 already multiplied
 * by the weight in the fourth. Multiplied colours are what may be interpolated without a rim around the head.
 */
export type CropLayer = Float32Array;

/** A picture of interleaved RGBA bytes, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which crop rows or columns an output row or column blends, along one axis. */
export interface Taps {
  readonly first: Int32Array; // [length * count]
  readonly weight: Float32Array; // [length * count]
}

/** Bilinear for the live picture, Catmull-Rom for export: 256 pixels are enlarged there, and it keeps them crisp. */
export type Interpolation = 'linear' | 'cubic';
const TAP_COUNT = { linear: 2, cubic: 4 } as const;

/** Lays layers over pictures. Buffers are kept between frames. */
export class LayerCompositor {
  readonly #interpolation: Interpolation;
  #stretched = new Float32Array(0); // the layer's rows at the picture's width
  #line = new Float32Array(0); // one row at the picture's place

  constructor(interpolation: Interpolation) {
    this.#interpolation = interpolation;
  }

  /**
   * Blends `layer` over `target`: the layer's corner lies at `(originX, originY)` of the picture, in pixels, and
   * `scale` is crop pixels per picture pixel. Only pixels inside `bounds` change.
   */
  over(target: Picture, layer: CropLayer, originX: number, originY: number, scale: number, bounds: Rectangle): void {
    const left = Math.max(0, bounds.left, Math.ceil(originX - 0.5));
    const top = Math.max(0, bounds.top, Math.ceil(originY - 0.5));
    const right = Math.min(target.width, bounds.left + bounds.width, Math.floor(originX + CROP_SIDE / scale - 0.5) + 1);
    const bottom = Math.min(
      target.height,
      bounds.top + bounds.height,
      Math.floor(originY + CROP_SIDE / scale - 0.5) + 1,
    );
    if (right <= left || bottom <= top) return;
    const count = TAP_COUNT[this.#interpolation];
    const columns = tapsFor(left, right, originX, scale, count);
    const rows = tapsFor(top, bottom, originY, scale, count);
    const samples = (right - left) * 4;
    if (this.#stretched.length < CROP_SIDE * samples) this.#stretched = new Float32Array(CROP_SIDE * samples);
    if (this.#line.length < samples) this.#line = new Float32Array(samples);
    const pixels = new Uint8ClampedArray(target.pixels.buffer, target.pixels.byteOffset, target.pixels.byteLength);
    const from = rows.first[0]!;
    const to = rows.first.at(-1)!;
    for (let y = from; y <= to; y++)
      (count === 2 ? stretchLinear : stretchCubic)(
        layer,
        y * CROP_SIDE * 4,
        columns,
        this.#stretched,
        y * samples,
        samples,
      );
    for (let y = top; y < bottom; y++) {
      (count === 2 ? mixTwo : mixFour)(this.#stretched, rows, (y - top) * count, samples, this.#line);
      blendLine(this.#line, samples, pixels, (y * target.width + left) * 4);
    }
  }
}

function stretchLinear(
  layer: CropLayer,
  base: number,
  { first, weight }: Taps,
  out: Float32Array,
  to: number,
  samples: number,
): void {
  for (let i = 0, k = 0; i < samples; i += 4, k += 2) {
    const a = base + first[k]! * 4;
    const b = base + first[k + 1]! * 4;
    const w = weight[k + 1]!;
    out[to + i] = layer[a]! + w * (layer[b]! - layer[a]!);
    out[to + i + 1] = layer[a + 1]! + w * (layer[b + 1]! - layer[a + 1]!);
    out[to + i + 2] = layer[a + 2]! + w * (layer[b + 2]! - layer[a + 2]!);
    out[to + i + 3] = layer[a + 3]! + w * (layer[b + 3]! - layer[a + 3]!);
  }
}

function stretchCubic(
  layer: CropLayer,
  base: number,
  { first, weight }: Taps,
  out: Float32Array,
  to: number,
  samples: number,
): void {
  for (let i = 0, k = 0; i < samples; i += 4, k += 4) {
    const a = base + first[k]! * 4;
    const b = base + first[k + 1]! * 4;
    const c = base + first[k + 2]! * 4;
    const d = base + first[k + 3]! * 4;
    for (let channel = 0; channel < 4; channel++) {
      out[to + i + channel] =
        weight[k]! * layer[a + channel]! +
        weight[k + 1]! * layer[b + channel]! +
        weight[k + 2]! * layer[c + channel]! +
        weight[k + 3]! * layer[d + channel]!;
    }
  }
}

function mixTwo(rows: Float32Array, { first, weight }: Taps, k: number, samples: number, out: Float32Array): void {
  const a = first[k]! * samples;
  const b = first[k + 1]! * samples;
  const w = weight[k + 1]!;
  for (let i = 0; i < samples; i++) out[i] = rows[a + i]! + w * (rows[b + i]! - rows[a + i]!);
}

function mixFour(rows: Float32Array, { first, weight }: Taps, k: number, samples: number, out: Float32Array): void {
  const a = first[k]! * samples;
  const b = first[k + 1]! * samples;
  const c = first[k + 2]! * samples;
  const d = first[k + 3]! * samples;
  const wa = weight[k]!;
  const wb = weight[k + 1]!;
  const wc = weight[k + 2]!;
  const wd = weight[k + 3]!;
  for (let i = 0; i < samples; i++)
    out[i] = wa * rows[a + i]! + wb * rows[b + i]! + wc * rows[c + i]! + wd * rows[d + i]!;
}

/** Less than half a grey level of weight leaves the picture as it is, to the bit. */
const LEAST_WEIGHT = 0.002;

/** `pixels` clamps and rounds by itself. */
function blendLine(line: Float32Array, samples: number, pixels: Uint8ClampedArray, to: number): void {
  for (let i = 0, at = to; i < samples; i += 4, at += 4) {
    const weight = line[i + 3]!;
    if (weight <= LEAST_WEIGHT) continue;
    const rest = 1 - weight;
    pixels[at] = line[i]! + pixels[at]! * rest;
    pixels[at + 1] = line[i + 1]! + pixels[at + 1]! * rest;
    pixels[at + 2] = line[i + 2]! + pixels[at + 2]! * rest;
  }
}

/** Straight RGBA bytes to a layer, each pixel's weight being alpha times `mask` (0..1), if there is one. */
export function toLayer(rgba: Uint8Array, mask: Float32Array | null, out: CropLayer): void {
  for (let pixel = 0, at = 0; pixel < CROP_SIDE * CROP_SIDE; pixel++, at += 4) {
    const weight = (rgba[at + 3]! / 255) * (mask ? mask[pixel]! : 1);
    out[at] = rgba[at]! * weight;
    out[at + 1] = rgba[at + 1]! * weight;
    out[at + 2] = rgba[at + 2]! * weight;
    out[at + 3] = weight;
  }
}

/** Four taps for each of the picture's columns (or rows) from `begin` to `end`: see `LayerCompositor.over`. */
export function catmullRomTaps(begin: number, end: number, origin: number, scale: number): Taps {
  return tapsFor(begin, end, origin, scale, 4);
}

function tapsFor(begin: number, end: number, origin: number, scale: number, count: 2 | 4): Taps {
  const first = new Int32Array((end - begin) * count);
  const weight = new Float32Array((end - begin) * count);
  for (let i = begin, k = 0; i < end; i++) {
    const position = (i + 0.5 - origin) * scale - 0.5;
    const base = Math.floor(position);
    const t = position - base;
    for (let tap = 0; tap < count; tap++, k++) {
      const offset = count === 2 ? tap : tap - 1;
      first[k] = Math.min(Math.max(base + offset, 0), CROP_SIDE - 1);
      weight[k] = count === 2 ? (tap === 0 ? 1 - t : t) : catmullRom(Math.abs(t - offset));
    }
  }
  return { first, weight };
}

/** Keys 1981, a = -1/2. */
function catmullRom(x: number): number {
  if (x < 1) return 1 + x * x * (1.5 * x - 2.5);
  return x < 2 ? 2 - x * (4 - x * (2.5 - 0.5 * x)) : 0;
}
