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
    image: new Float32Array(width * height * channels),
    depth: new Float32Array(width * height),
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
  const { width, height, channels, image, depth } = target;
  image.fill(0);
  depth.fill(Infinity);
  const faces = triangles.length / 3;
  for (let face = 0; face < faces; face++) {
    const i = triangles[face * 3]!;
    const j = triangles[face * 3 + 1]!;
    const k = triangles[face * 3 + 2]!;
    const x0 = positions[i * 3]! * scale;
    const y0 = positions[i * 3 + 1]! * scale;
    const z0 = positions[i * 3 + 2]!;
    const x1 = positions[j * 3]! * scale;
    const y1 = positions[j * 3 + 1]! * scale;
    const z1 = positions[j * 3 + 2]!;
    const x2 = positions[k * 3]! * scale;
    const y2 = positions[k * 3 + 1]! * scale;
    const z2 = positions[k * 3 + 2]!;
    const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    if (!(Math.abs(area) > 1e-9)) continue; // degenerate, or not a number
    const left = Math.max(0, Math.ceil(Math.min(x0, x1, x2) - 0.5));
    const right = Math.min(width - 1, Math.floor(Math.max(x0, x1, x2) - 0.5));
    const top = Math.max(0, Math.ceil(Math.min(y0, y1, y2) - 0.5));
    const bottom = Math.min(height - 1, Math.floor(Math.max(y0, y1, y2) - 0.5));
    for (let row = top; row <= bottom; row++) {
      const y = row + 0.5;
      for (let column = left; column <= right; column++) {
        const x = column + 0.5;
        const w1 = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) / area;
        const w2 = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / area;
        const w0 = 1 - w1 - w2;
        if (w0 < 0 || w1 < 0 || w2 < 0) continue;
        const z = Math.fround(w0 * z0 + w1 * z1 + w2 * z2);
        const pixel = row * width + column;
        if (z >= depth[pixel]!) continue;
        depth[pixel] = z;
        for (let channel = 0; channel < channels; channel++) {
          image[pixel * channels + channel] =
            w0 * attributes[i * channels + channel]! +
            w1 * attributes[j * channels + channel]! +
            w2 * attributes[k * channels + channel]!;
        }
      }
    }
  }
}
