import { CROP_SIDE } from '../../../../shared/face/index.ts';
import { ATLAS_COLUMNS, ATLAS_ROWS, CropRegion, PIXELS, type Proxies, RAYS } from './proxies.ts';

const TABLE_COLUMNS = 2 * ATLAS_COLUMNS;
const TABLE_ROWS = 2 * ATLAS_ROWS;
/** Coordinates of the planes xy, yz, xz. */
const PLANES = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const;
/** Ray counts are rounded up to this with empty rays, so that ONNX Runtime sees few shapes and reuses its plans. */
const RAY_STEP = 128;
const MOST_RAYS = Math.ceil((RAYS + 1) / RAY_STEP) * RAY_STEP;

/**
 * The fast graph's inputs: rays compacted to the hull, texture rows instead of positions. Rewritten by each `gather`.
 */
export class FastInputs {
  /** Rays of this frame, the empty ray 0 and padding included; the arrays below are used up to it. */
  rays = 0;
  readonly texels = new Int32Array(PIXELS); // rows of the texture table, folded 2x2
  readonly scatter = new Int32Array(RAYS); // pixel to ray
  readonly #points = new Float32Array(3 * MOST_RAYS * 2);
  readonly #offsets = new Float32Array(3 * MOST_RAYS * 2);
  readonly #active = new Float32Array(MOST_RAYS);

  /** [3,1,rays,2], planes xy, yz, xz. */
  get points(): Float32Array {
    return this.#points.subarray(0, 6 * this.rays);
  }
  /** [3,1,rays,2], direction times half width. */
  get offsets(): Float32Array {
    return this.#offsets.subarray(0, 6 * this.rays);
  }
  /** [1,rays] */
  get active(): Float32Array {
    return this.#active.subarray(0, this.rays);
  }

  gather(proxies: Proxies): void {
    this.#compactRays(proxies);
    this.#foldTexels(proxies.texture, proxies.region);
  }

  #compactRays({ points, directions, halfWidth }: Proxies): void {
    let next = 1;
    for (let pixel = 0; pixel < RAYS; pixel++) this.scatter[pixel] = halfWidth[pixel]! > 0 ? next++ : 0;
    this.rays = Math.ceil(next / RAY_STEP) * RAY_STEP;
    this.#points.fill(0, 0, 6 * this.rays);
    this.#offsets.fill(0, 0, 6 * this.rays);
    this.#active.fill(0, 0, this.rays);
    this.#active.fill(1, 1, next);
    for (let plane = 0; plane < 3; plane++) {
      const [a, b] = PLANES[plane]!;
      const base = plane * this.rays * 2;
      for (let pixel = 0; pixel < RAYS; pixel++) {
        const ray = this.scatter[pixel]!;
        if (ray === 0) continue;
        const to = base + ray * 2;
        const width = halfWidth[pixel]!;
        this.#points[to] = points[pixel * 3 + a]!;
        this.#points[to + 1] = points[pixel * 3 + b]!;
        this.#offsets[to] = directions[pixel * 3 + a]! * width;
        this.#offsets[to + 1] = directions[pixel * 3 + b]! * width;
      }
    }
  }

  /** Order: row, column over 128x128, then dy, dx. Float32 steps as in the trainer, so that both pick the same rows. */
  #foldTexels(texture: Float32Array, region: Uint8Array): void {
    const half = CROP_SIDE / 2;
    for (let y = 0, pixel = 0; y < CROP_SIDE; y++) {
      for (let x = 0; x < CROP_SIDE; x++, pixel++) {
        const to = (((y >> 1) * half + (x >> 1)) << 2) | ((y & 1) << 1) | (x & 1);
        if (region[pixel] === CropRegion.none) {
          this.texels[to] = 0;
          continue;
        }
        const column = Math.min(
          Math.max(Math.floor(Math.fround(Math.fround(texture[pixel * 2]! + 1) * (TABLE_COLUMNS / 2))), 0),
          TABLE_COLUMNS - 1,
        );
        const row = Math.min(
          Math.max(Math.floor(Math.fround(Math.fround(texture[pixel * 2 + 1]! + 1) * (TABLE_ROWS / 2))), 0),
          TABLE_ROWS - 1,
        );
        this.texels[to] = 1 + row * TABLE_COLUMNS + column;
      }
    }
  }
}
