/** BT.709, limited range: see planar.ts. */
const RED: f32 = 0.2126;
const GREEN: f32 = 0.7152;
const BLUE: f32 = 0.0722;
const LUMA_LEVELS: f32 = 219 / 255;
const U_LEVELS: f32 = 224 / 255 / (2 * (1 - 0.0722)); // a level of U, of blue minus luma
const V_LEVELS: f32 = 224 / 255 / (2 * (1 - 0.2126));
/** Less than half a grey level of weight leaves the picture as it is, to the bit. */
const LEAST_WEIGHT: f32 = 0.002;

/**
 * Lays a layer f32 [height,width,4] over luma bytes, `stride` a row.
 */
export function layLuma(layer: usize, width: i32, height: i32, luma: usize, stride: usize): void {
  for (let row = 0; row < height; row++, luma += stride) {
    for (let column: usize = 0; column < <usize>width; column++, layer += 16) {
      const weight = load<f32>(layer, 12);
      if (weight <= LEAST_WEIGHT) continue;
      put(luma + column, LUMA_LEVELS * lumaAt(layer) + 16 * weight, weight);
    }
  }
}

/**
 * The same over U and V, half as fine: each sample lies on the centre of an even column and between two rows, and is of
 * three columns 1:2:1.
 */
export function layChroma(layer: usize, width: i32, height: i32, u: usize, v: usize, stride: usize): void {
  const line = (<usize>width) << 4;
  const double = f32x4.splat(2);
  for (let row = 0; row < height; row += 2, layer += line * 2, u += stride, v += stride) {
    for (let column = 0; column < width; column += 2) {
      const at = layer + ((<usize>column) << 4);
      const before = at - (column > 0 ? 16 : 0);
      const sum = f32x4.add(f32x4.add(pair(before, line), pair(at + 16, line)), f32x4.mul(pair(at, line), double));
      const mean = f32x4.mul(sum, f32x4.splat(0.125));
      const weight = f32x4.extract_lane(mean, 3);
      if (weight <= LEAST_WEIGHT) continue;
      const red = f32x4.extract_lane(mean, 0);
      const blue = f32x4.extract_lane(mean, 2);
      const luma = RED * red + GREEN * f32x4.extract_lane(mean, 1) + BLUE * blue;
      const sample = (<usize>column) >> 1;
      put(u + sample, U_LEVELS * (blue - luma) + 128 * weight, weight);
      put(v + sample, V_LEVELS * (red - luma) + 128 * weight, weight);
    }
  }
}

function pair(at: usize, line: usize): v128 {
  return f32x4.add(v128.load(at), v128.load(at + line));
}

function lumaAt(at: usize): f32 {
  return RED * load<f32>(at) + GREEN * load<f32>(at, 4) + BLUE * load<f32>(at, 8);
}

function put(at: usize, level: f32, weight: f32): void {
  const mixed = level + <f32>load<u8>(at) * (1 - weight);
  store<u8>(at, <u8>(<i32>(min(max(mixed, 0), 255) + 0.5)));
}
