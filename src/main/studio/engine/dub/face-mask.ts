import { CROP_SIDE } from '../../../../shared/face/index.ts';
import {
  type CropLayer,
  CropRegion,
  PIXELS,
  type Placement,
  type Proxies,
  rasterize,
  rasterTarget,
  type Rectangle,
} from '../draw/index.ts';
import { addressOf, bringBack, kernelFloats, kernels } from '../kernels/index.ts';

const FEATHER = 0.06; // of the face's height
const FOREHEAD = 10;
const CHIN = 152;
const NO_ATTRIBUTES = new Float32Array(0);
/** Crop pixels below the lower of two chins whose ramp must lie under it, for each that the chins are apart. */
const LOWER_PER_PIXEL = 3;
/** Beyond the ramp's half: a chin is not where its mesh ends to the pixel. */
const BEYOND_RAMP = 3;
/** Running sums leave this much of nothing. */
const NOTHING = 1e-4;

/**
 * The face region of a dubbed frame in crop space, 0..1: where the driven mesh or the source's own mesh shows (a jaw
 * that drops must cover what was there, one that rises must take its place), feathered by 6 % of the face's height.
 * Where the two chins are apart, all of it lies lower: else the source's chin would shine through under the driven one.
 */
export class FaceMask {
  readonly mask = kernelFloats(PIXELS);
  readonly #source = rasterTarget(CROP_SIDE, CROP_SIDE, 0);
  readonly #swap = new Float32Array(PIXELS);
  readonly #since = new Uint16Array(CROP_SIDE);

  /** `driven` has been built for the frame; `sourceScreen` is the source's mesh as `Proxies.screen`. */
  draw(driven: Proxies, sourceScreen: Float32Array): void {
    rasterize(this.#source, sourceScreen, 1, NO_ATTRIBUTES, driven.triangles);
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const kind = driven.region[pixel]!;
      this.mask[pixel] =
        kind === CropRegion.face || kind === CropRegion.mouth || this.#source.depth[pixel]! !== Infinity ? 1 : 0;
    }
    // Two box passes make a ramp as wide as twice the box.
    const box = Math.max(1, Math.round((faceHeight(driven.screen) * FEATHER) / 4));
    this.#lower(Math.min(LOWER_PER_PIXEL * apart(driven.screen, sourceScreen), 2 * box + BEYOND_RAMP));
    for (let pass = 0; pass < 2; pass++) {
      boxBlurRows(this.mask, this.#swap, box);
      boxBlurColumns(this.#swap, this.mask, box);
    }
  }

  /** The smallest box of crop pixels that holds everything that weighs anything. */
  get box(): Rectangle {
    let [left, top, right, bottom] = [CROP_SIDE, CROP_SIDE, 0, 0];
    for (let y = 0, pixel = 0; y < CROP_SIDE; y++) {
      for (let x = 0; x < CROP_SIDE; x++, pixel++) {
        if (this.mask[pixel]! < NOTHING) continue;
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = y + 1;
      }
    }
    return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
  }

  /** Takes from a layer at a picture's own pixels, of its part `rectangle`, what is not the face. */
  weigh(
    layer: CropLayer,
    { originX, originY, scale }: Placement,
    { left, top, width, height }: Rectangle,
    opacity: number,
  ): void {
    kernels.weigh(
      addressOf(layer),
      width,
      height,
      addressOf(this.mask),
      CROP_SIDE,
      (left + 0.5 - originX) * scale - 0.5,
      (top + 0.5 - originY) * scale - 0.5,
      scale,
      opacity,
    );
    bringBack(layer);
  }

  /** Lets the mask reach so many pixels further down; the last of them in part. */
  #lower(by: number): void {
    const since = this.#since.fill(CROP_SIDE); // rows since the region
    const whole = Math.floor(by);
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const column = pixel % CROP_SIDE;
      const rows = (since[column] = this.mask[pixel] === 1 ? 0 : since[column]! + 1);
      if (rows > 0 && rows <= whole + 1) this.mask[pixel] = rows <= whole ? 1 : by - whole;
    }
  }
}

/** Crop pixels between the two chins. */
function apart(driven: Float32Array, source: Float32Array): number {
  return Math.hypot(driven[CHIN * 3]! - source[CHIN * 3]!, driven[CHIN * 3 + 1]! - source[CHIN * 3 + 1]!);
}

/** Crop pixels from the forehead's top to the chin. */
function faceHeight(screen: Float32Array): number {
  return Math.hypot(screen[FOREHEAD * 3]! - screen[CHIN * 3]!, screen[FOREHEAD * 3 + 1]! - screen[CHIN * 3 + 1]!);
}

/** Mean over `2 radius + 1` pixels; beyond the picture there is nothing (0). */
function boxBlurRows(from: Float32Array, to: Float32Array, radius: number): void {
  const share = 1 / (2 * radius + 1);
  for (let row = 0; row < PIXELS; row += CROP_SIDE) {
    let sum = 0;
    for (let x = 0; x < radius; x++) sum += from[row + x]!;
    for (let x = 0; x < CROP_SIDE; x++) {
      if (x + radius < CROP_SIDE) sum += from[row + x + radius]!;
      if (x - radius - 1 >= 0) sum -= from[row + x - radius - 1]!;
      to[row + x] = sum * share;
    }
  }
}

function boxBlurColumns(from: Float32Array, to: Float32Array, radius: number): void {
  const share = 1 / (2 * radius + 1);
  const sums = new Float32Array(CROP_SIDE);
  for (let y = 0; y < radius; y++) for (let x = 0; x < CROP_SIDE; x++) sums[x] = sums[x]! + from[y * CROP_SIDE + x]!;
  for (let y = 0; y < CROP_SIDE; y++) {
    for (let x = 0; x < CROP_SIDE; x++) {
      let sum = sums[x]!;
      if (y + radius < CROP_SIDE) sum += from[(y + radius) * CROP_SIDE + x]!;
      if (y - radius - 1 >= 0) sum -= from[(y - radius - 1) * CROP_SIDE + x]!;
      sums[x] = sum;
      to[y * CROP_SIDE + x] = sum * share;
    }
  }
}
