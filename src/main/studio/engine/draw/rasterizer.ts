import { addressOf, kernelFloats, kernels } from '../kernels/index.ts';

/**
 * Software rasteriser with a depth buffer: what the mesh shows at each pixel centre (docs/formats.md).
 * The arithmetic is the trainer's (`morphable/rasterize.py`), in the same order and in doubles, so that both
 * put every pixel on the same triangle. All buffers are made once; a frame allocates nothing.
 */
export interface RasterTarget {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly image: Float32Array; // [height, width, channels]; 0 where nothing covers
  readonly depth: Float32Array; // [height, width]; infinite where nothing covers
}

export function rasterTarget(width: number, height: number, channels: number): RasterTarget {
  return {
    width,
    height,
    channels,
    image: kernelFloats(width * height * channels),
    depth: kernelFloats(width * height),
  };
}

/**
 * Draws the nearest triangle at every pixel centre. `positions` [V,3] are x, y and depth, smaller nearer; x and y
 * times `scale` are the target's pixels. `attributes` [V,K] are interpolated linearly in screen space.
 * A centre on an edge belongs to a triangle whose three weights are all >= 0; at equal depth the earlier keeps it.
 */
export function rasterize(
  target: RasterTarget,
  positions: Float32Array,
  scale: number,
  attributes: Float32Array,
  triangles: Int32Array,
): void {
  target.image.fill(0);
  rasterizeOver(target, positions, scale, attributes, triangles);
}

/** The same in front of what the image shows, whose depths are forgotten. */
export function rasterizeOver(
  { width, height, channels, image, depth }: RasterTarget,
  positions: Float32Array,
  scale: number,
  attributes: Float32Array,
  triangles: Int32Array,
): void {
  depth.fill(Infinity);
  kernels.rasterize(
    image.byteOffset,
    depth.byteOffset,
    width,
    height,
    channels,
    addressOf(positions),
    scale,
    addressOf(attributes),
    addressOf(triangles),
    triangles.length / 3,
  );
}
