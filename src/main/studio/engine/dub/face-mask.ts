import { CROP_SIDE } from '../../../../shared/face/index.ts';
import {
  type CropLayer,
  PIXELS,
  type Placement,
  type Proxies,
  rasterize,
  rasterTarget,
  type Rectangle,
} from '../draw/index.ts';
import { addressOf, bringBack, kernelFloats, kernelInts, kernels } from '../kernels/index.ts';

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
  readonly #swap = kernelFloats(PIXELS);
  readonly #columns = kernelFloats(CROP_SIDE);
  readonly #box = kernelInts([0, 0, 0, 0]);

  /** `driven` covers the frame; `sourceScreen` is the source's mesh as `Proxies.screen`. */
  draw(driven: Pick<Proxies, 'screen' | 'triangles' | 'depth'>, sourceScreen: Float32Array): void {
    rasterize(this.#source, sourceScreen, 1, NO_ATTRIBUTES, driven.triangles);
    const [mask, swap, columns] = [addressOf(this.mask), addressOf(this.#swap), addressOf(this.#columns)];
    kernels.unite(addressOf(driven.depth), addressOf(this.#source.depth), PIXELS, mask);
    // Two box passes make a ramp as wide as twice the box.
    const box = Math.max(1, Math.round((faceHeight(driven.screen) * FEATHER) / 4));
    const lower = Math.min(LOWER_PER_PIXEL * apart(driven.screen, sourceScreen), 2 * box + BEYOND_RAMP);
    kernels.lower(mask, CROP_SIDE, columns, lower);
    for (let pass = 0; pass < 2; pass++) {
      kernels.blurRows(mask, swap, CROP_SIDE, box);
      kernels.blurColumns(swap, mask, CROP_SIDE, box, columns);
    }
  }

  /** The smallest box of crop pixels that holds everything that weighs anything. */
  get box(): Rectangle {
    kernels.boxOf(addressOf(this.mask), CROP_SIDE, NOTHING, addressOf(this.#box));
    const [left, top, right, bottom] = this.#box as unknown as [number, number, number, number];
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
}

/** Crop pixels between the two chins. */
function apart(driven: Float32Array, source: Float32Array): number {
  return Math.hypot(driven[CHIN * 3]! - source[CHIN * 3]!, driven[CHIN * 3 + 1]! - source[CHIN * 3 + 1]!);
}

/** Crop pixels from the forehead's top to the chin. */
function faceHeight(screen: Float32Array): number {
  return Math.hypot(screen[FOREHEAD * 3]! - screen[CHIN * 3]!, screen[FOREHEAD * 3 + 1]! - screen[CHIN * 3 + 1]!);
}
