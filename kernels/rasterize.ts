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
  const centres = f64x2(0.5, 1.5);
  const zero = f64x2.splat(0);
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
    const left = max<f64>(0, ceil(min(min(x0, x1), x2) - 0.5));
    const right = min<f64>(width - 1, floor(max(max(x0, x1), x2) - 0.5));
    const top = <i32>min<f64>(height, max<f64>(0, ceil(min(min(y0, y1), y2) - 0.5)));
    const bottom = <i32>max<f64>(-1, min<f64>(height - 1, floor(max(max(y0, y1), y2) - 0.5)));
    const z0 = f64x2.splat(load<f32>(positions + i * 12, 8));
    const z1 = f64x2.splat(load<f32>(positions + j * 12, 8));
    const z2 = f64x2.splat(load<f32>(positions + k * 12, 8));
    const a = attributes + i * size;
    const b = attributes + j * size;
    const c = attributes + k * size;
    const share = f64x2.splat(1 / area);
    const pairs = channels === 2;
    const first = pairs ? promoted(a) : zero;
    const second = pairs ? promoted(b) : zero;
    const third = pairs ? promoted(c) : zero;
    const rise1 = y2 - y0; // of w1 along a row, times the area
    const rise2 = y0 - y1;
    const rise0 = -rise1 - rise2;
    for (let row = top; row <= bottom; row++) {
      const y = <f64>row + 0.5;
      const down1 = (x2 - x0) * (y - y0);
      const down2 = (x1 - x0) * (y - y0);
      // Where a weight is 0 the row enters or leaves the triangle; a pixel more on either side, for rounding.
      const edge1 = x0 + down1 / rise1;
      const edge2 = x0 - down2 / rise2;
      const edge0 = x0 - (area + down1 - down2) / rise0;
      const from = max(
        left,
        max(max(enters(edge1, rise1, area), enters(edge2, rise2, area)), enters(edge0, rise0, area)),
      );
      const to = min(
        right,
        min(min(leaves(edge1, rise1, area), leaves(edge2, rise2, area)), leaves(edge0, rise0, area)),
      );
      const last = <i32>to;
      const line = <usize>(row * width);
      for (let column = <i32>from; column <= last; column += 2) {
        const x = f64x2.sub(f64x2.add(f64x2.splat(<f64>column), centres), f64x2.splat(x0));
        const w1 = f64x2.mul(f64x2.sub(f64x2.mul(x, f64x2.splat(rise1)), f64x2.splat(down1)), share);
        const w2 = f64x2.mul(f64x2.add(f64x2.splat(down2), f64x2.mul(x, f64x2.splat(rise2))), share);
        const w0 = f64x2.sub(f64x2.sub(f64x2.splat(1), w1), w2);
        const outside = i64x2.bitmask(v128.or(v128.or(f64x2.lt(w0, zero), f64x2.lt(w1, zero)), f64x2.lt(w2, zero)));
        if (outside === 3) continue;
        const z = f64x2.add(f64x2.add(f64x2.mul(w0, z0), f64x2.mul(w1, z1)), f64x2.mul(w2, z2));
        const pixel = line + <usize>column;
        const at = depth + (pixel << 2);
        const to = image + pixel * size;
        if (!(outside & 1) && nearer(at, <f32>f64x2.extract_lane(z, 0))) {
          const u = v128.shuffle<f64>(w0, w0, 0, 0);
          const v = v128.shuffle<f64>(w1, w1, 0, 0);
          const w = v128.shuffle<f64>(w2, w2, 0, 0);
          if (pairs) interpolatePair(to, first, second, third, u, v, w);
          else interpolate(to, size, a, b, c, u, v, w);
        }
        if (!(outside & 2) && column < last && nearer(at + 4, <f32>f64x2.extract_lane(z, 1))) {
          const u = v128.shuffle<f64>(w0, w0, 1, 1);
          const v = v128.shuffle<f64>(w1, w1, 1, 1);
          const w = v128.shuffle<f64>(w2, w2, 1, 1);
          if (pairs) interpolatePair(to + 8, first, second, third, u, v, w);
          else interpolate(to + size, size, a, b, c, u, v, w);
        }
      }
    }
  }
}

/** The first column to look at by an edge that is crossed at `edge`. */
function enters(edge: f64, rise: f64, area: f64): f64 {
  return rise * area > 0 ? ceil(edge - 1.5) : -Infinity;
}

/** The last one. */
function leaves(edge: f64, rise: f64, area: f64): f64 {
  return rise * area < 0 ? floor(edge + 0.5) : Infinity;
}

/** Whether `z` is nearer than what is there, which it then replaces. */
function nearer(at: usize, z: f32): bool {
  if (z >= load<f32>(at)) return false;
  store<f32>(at, z);
  return true;
}

/** Two attributes. */
function promoted(attributes: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(attributes));
}

function interpolatePair(out: usize, a: v128, b: v128, c: v128, w0: v128, w1: v128, w2: v128): void {
  const sum = f64x2.add(f64x2.add(f64x2.mul(w0, a), f64x2.mul(w1, b)), f64x2.mul(w2, c));
  v128.store64_lane(out, f32x4.demote_f64x2_zero(sum), 0);
}

function interpolate(out: usize, size: usize, a: usize, b: usize, c: usize, u: v128, v: v128, w: v128): void {
  const w0 = f64x2.extract_lane(u, 0);
  const w1 = f64x2.extract_lane(v, 0);
  const w2 = f64x2.extract_lane(w, 0);
  for (let at: usize = 0; at < size; at += 4)
    store<f32>(
      out + at,
      <f32>(w0 * <f64>load<f32>(a + at) + w1 * <f64>load<f32>(b + at) + w2 * <f64>load<f32>(c + at)),
    );
}
