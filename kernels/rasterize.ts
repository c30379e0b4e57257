/**
 * The nearest triangle at every pixel centre: what rasterizer.ts says, two pixels at a time.
 *
 * `positions` f32 [V,3], `attributes` f32 [V,channels], `triangles` i32 [faces,3]; `image` f32 [height,width,channels]
 * and `depth` f32 [height,width] are drawn over.
 */
export function rasterize(
  image: usize,
  depth: usize,
  width: i32,
  height: i32,
  channels: usize,
  positions: usize,
  scale: f64,
  attributes: usize,
  triangles: usize,
  faces: i32,
): void {
  const size = channels << 2;
  for (const past = triangles + <usize>faces * 12; triangles < past; triangles += 12) {
    const i = <usize>load<i32>(triangles);
    const j = <usize>load<i32>(triangles, 4);
    const k = <usize>load<i32>(triangles, 8);
    const x0 = <f64>load<f32>(positions + i * 12) * scale;
    const y0 = <f64>load<f32>(positions + i * 12, 4) * scale;
    const x1 = <f64>load<f32>(positions + j * 12) * scale;
    const y1 = <f64>load<f32>(positions + j * 12, 4) * scale;
    const x2 = <f64>load<f32>(positions + k * 12) * scale;
    const y2 = <f64>load<f32>(positions + k * 12, 4) * scale;
    const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    if (!(abs(area) > 1e-9)) continue; // degenerate, or not a number
    const left = <i32>min<f64>(width, max<f64>(0, ceil(min(min(x0, x1), x2) - 0.5)));
    const right = <i32>max<f64>(-1, min<f64>(width - 1, floor(max(max(x0, x1), x2) - 0.5)));
    const top = <i32>min<f64>(height, max<f64>(0, ceil(min(min(y0, y1), y2) - 0.5)));
    const bottom = <i32>max<f64>(-1, min<f64>(height - 1, floor(max(max(y0, y1), y2) - 0.5)));
    const z0 = f64x2.splat(load<f32>(positions + i * 12, 8));
    const z1 = f64x2.splat(load<f32>(positions + j * 12, 8));
    const z2 = f64x2.splat(load<f32>(positions + k * 12, 8));
    const areas = f64x2.splat(area);
    const far1 = f64x2.splat(y2 - y0);
    const far2 = f64x2.splat(y1 - y0);
    const begin = f64x2.splat(x0);
    const centres = f64x2(0.5, 1.5);
    const zero = f64x2.splat(0);
    for (let row = top; row <= bottom; row++) {
      const y = <f64>row + 0.5;
      const down1 = f64x2.splat((x2 - x0) * (y - y0));
      const down2 = f64x2.splat((x1 - x0) * (y - y0));
      for (let column = left; column <= right; column += 2) {
        const x = f64x2.sub(f64x2.add(f64x2.splat(<f64>column), centres), begin);
        const w1 = f64x2.div(f64x2.sub(f64x2.mul(x, far1), down1), areas);
        const w2 = f64x2.div(f64x2.sub(down2, f64x2.mul(x, far2)), areas);
        const w0 = f64x2.sub(f64x2.sub(f64x2.splat(1), w1), w2);
        const outside = i64x2.bitmask(v128.or(v128.or(f64x2.lt(w0, zero), f64x2.lt(w1, zero)), f64x2.lt(w2, zero)));
        if (outside === 3) continue;
        const z = f64x2.add(f64x2.add(f64x2.mul(w0, z0), f64x2.mul(w1, z1)), f64x2.mul(w2, z2));
        const pixel = <usize>(row * width + column);
        if (!(outside & 1) && nearer(depth + (pixel << 2), <f32>f64x2.extract_lane(z, 0)))
          interpolate(
            image + pixel * size,
            size,
            attributes + i * size,
            attributes + j * size,
            attributes + k * size,
            f64x2.extract_lane(w0, 0),
            f64x2.extract_lane(w1, 0),
            f64x2.extract_lane(w2, 0),
          );
        if (!(outside & 2) && column < right && nearer(depth + (pixel << 2) + 4, <f32>f64x2.extract_lane(z, 1)))
          interpolate(
            image + pixel * size + size,
            size,
            attributes + i * size,
            attributes + j * size,
            attributes + k * size,
            f64x2.extract_lane(w0, 1),
            f64x2.extract_lane(w1, 1),
            f64x2.extract_lane(w2, 1),
          );
      }
    }
  }
}

/** Whether `z` is nearer than what is there, which it then replaces. */
function nearer(at: usize, z: f32): bool {
  if (z >= load<f32>(at)) return false;
  store<f32>(at, z);
  return true;
}

function interpolate(out: usize, size: usize, i: usize, j: usize, k: usize, w0: f64, w1: f64, w2: f64): void {
  for (let at: usize = 0; at < size; at += 4)
    store<f32>(
      out + at,
      <f32>(w0 * <f64>load<f32>(i + at) + w1 * <f64>load<f32>(j + at) + w2 * <f64>load<f32>(k + at)),
    );
}
