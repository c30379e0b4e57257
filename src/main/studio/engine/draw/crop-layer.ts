import { CROP_SIDE } from '../../../../shared/face/index.ts';
import { addressOf, bringBack, kernels } from '../kernels/index.ts';
import { Enlarger, Taps } from './enlarge.ts';

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

/** Bilinear for the live picture, Catmull-Rom for export: 256 pixels are enlarged there, and it keeps them crisp. */
export type Interpolation = 'linear' | 'cubic';
const TAP_COUNT = { linear: 2, cubic: 4 } as const;
const WEIGHTS = { linear: (away: number) => 1 - away, cubic: catmullRom } as const;

/** Lays layers over pictures. Buffers are kept between frames. */
export class LayerCompositor {
  readonly #interpolation: Interpolation;
  readonly #columns: Taps;
  readonly #rows: Taps;
  readonly #enlarger = new Enlarger();

  constructor(interpolation: Interpolation) {
    this.#interpolation = interpolation;
    this.#columns = new Taps(TAP_COUNT[interpolation]);
    this.#rows = new Taps(TAP_COUNT[interpolation]);
  }

  /** Blends a crop's `layer` [256,256,4] over `target`. */
  over(target: Picture, layer: CropLayer, placement: Placement): void {
    const { left, top, width, height } = covered(placement, target);
    const pixels = addressOf(target.pixels);
    this.#enlarge(layer, placement, { left, top, width, height }, (line, row) =>
      kernels.lay(addressOf(line), width, 1, pixels + ((top + row) * target.width + left) * 4, 0),
    );
    bringBack(target.pixels);
  }

  /** A crop's `layer` [256,256,4] at the picture's own pixels, of the part `rectangle` [height,width,4], into `out`. */
  enlarge(layer: CropLayer, placement: Placement, rectangle: Rectangle, out: CropLayer): void {
    const samples = rectangle.width * 4;
    this.#enlarge(layer, placement, rectangle, (line, row) => out.set(line, row * samples));
  }

  #enlarge(
    layer: CropLayer,
    { originX, originY, scale }: Placement,
    { left, top, width, height }: Rectangle,
    take: (line: Float32Array, row: number) => void,
  ): void {
    if (width <= 0 || height <= 0) return;
    const weight = WEIGHTS[this.#interpolation];
    const most = CROP_SIDE - 1;
    this.#columns.place(width, (column) => (left + column + 0.5 - originX) * scale - 0.5, most, weight);
    this.#rows.place(height, (row) => (top + row + 0.5 - originY) * scale - 0.5, most, weight);
    this.#enlarger.enlarge(layer, CROP_SIDE, this.#columns, this.#rows, take);
  }
}

/** Straight RGBA bytes to a layer. */
export function toLayer(rgba: Uint8Array, out: CropLayer): void {
  kernels.fromStraight(addressOf(rgba), rgba.length / 4, addressOf(out));
  bringBack(out);
}

/** Keys 1981, a = -1/2. */
function catmullRom(x: number): number {
  if (x < 1) return 1 + x * x * (1.5 * x - 2.5);
  return x < 2 ? 2 - x * (4 - x * (2.5 - 0.5 * x)) : 0;
}
