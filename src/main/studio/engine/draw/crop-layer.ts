import { CROP_SIDE } from '../../../../shared/face/index.ts';

/**
 * A head crop, or part of a picture with a head on it, ready to be laid over a picture: four floats a pixel, colour
 * 0..255 already multiplied by the weight in the fourth. Multiplied colours are what may be interpolated without a rim
 * around the head.
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

/** How a head crop lies on a picture: where its corner is, pixels, and how many 256ths of the crop a pixel has. */
export interface Placement {
  readonly originX: number;
  readonly originY: number;
  readonly scale: number;
}

/** The pixels of a picture on which a head crop lies. */
export function covered(
  { originX, originY, scale }: Placement,
  { width, height }: { readonly width: number; readonly height: number },
): Rectangle {
  const left = Math.max(0, Math.ceil(originX - 0.5));
  const top = Math.max(0, Math.ceil(originY - 0.5));
  const right = Math.min(width, Math.floor(originX + CROP_SIDE / scale - 0.5) + 1);
  const bottom = Math.min(height, Math.floor(originY + CROP_SIDE / scale - 0.5) + 1);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** Which crop rows or columns an output row or column blends, along one axis. */
interface Taps {
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

  /** Blends a crop's `layer` [256,256,4] over `target`. */
  over(target: Picture, layer: CropLayer, placement: Placement): void {
    const { left, top, width, height } = covered(placement, target);
    this.#rows(layer, placement, { left, top, width, height }, (line, row) =>
      blend(line, 0, width, target.pixels, ((top + row) * target.width + left) * 4),
    );
  }

  /** A crop's `layer` [256,256,4] at the picture's own pixels, of the part `rectangle` [height,width,4], into `out`. */
  enlarge(layer: CropLayer, placement: Placement, rectangle: Rectangle, out: CropLayer): void {
    const samples = rectangle.width * 4;
    this.#rows(layer, placement, rectangle, (line, row) => out.set(line, row * samples));
  }

  #rows(
    layer: CropLayer,
    { originX, originY, scale }: Placement,
    { left, top, width, height }: Rectangle,
    take: (line: Float32Array, row: number) => void,
  ): void {
    if (width <= 0 || height <= 0) return;
    const count = TAP_COUNT[this.#interpolation];
    const columns = tapsFor(left, left + width, originX, scale, count);
    const rows = tapsFor(top, top + height, originY, scale, count);
    const samples = width * 4;
    if (this.#stretched.length < CROP_SIDE * samples) this.#stretched = new Float32Array(CROP_SIDE * samples);
    if (this.#line.length < samples) this.#line = new Float32Array(samples);
    const line = this.#line.subarray(0, samples);
    const from = rows.first[0]!;
    const to = rows.first.at(-1)!;
    const [stretch, mix] = count === 2 ? [stretchLinear, mixTwo] : [stretchCubic, mixFour];
    for (let y = from; y <= to; y++) stretch(layer, y * CROP_SIDE * 4, columns, this.#stretched, y * samples, samples);
    for (let row = 0; row < height; row++) {
      mix(this.#stretched, rows, row * count, samples, line);
      take(line, row);
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
export const LEAST_WEIGHT = 0.002;

/** Lays `count` pixels of a layer over those of a picture: RGBA bytes from `to` on. */
export function blend(layer: CropLayer, from: number, count: number, pixels: Uint8Array, to: number): void {
  for (let i = from, at = to; i < from + count * 4; i += 4, at += 4) {
    const weight = layer[i + 3]!;
    if (weight <= LEAST_WEIGHT) continue;
    const rest = 1 - weight;
    pixels[at] = byteOf(layer[i]! + pixels[at]! * rest);
    pixels[at + 1] = byteOf(layer[i + 1]! + pixels[at + 1]! * rest);
    pixels[at + 2] = byteOf(layer[i + 2]! + pixels[at + 2]! * rest);
  }
}

export function byteOf(level: number): number {
  return level <= 0 ? 0 : level >= 255 ? 255 : (level + 0.5) | 0;
}

/** Straight RGBA bytes to a layer. */
export function toLayer(rgba: Uint8Array, out: CropLayer): void {
  for (let at = 0; at < rgba.length; at += 4) {
    const weight = rgba[at + 3]! / 255;
    out[at] = rgba[at]! * weight;
    out[at + 1] = rgba[at + 1]! * weight;
    out[at + 2] = rgba[at + 2]! * weight;
    out[at + 3] = weight;
  }
}

/** For each of the picture's columns (or rows) from `begin` to `end` what it blends; see `Placement`. */
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
