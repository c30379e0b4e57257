/** Less than half a grey level of weight leaves the picture as it is, to the bit. */
const LEAST_WEIGHT: f32 = 0.002;

/** Straight RGBA bytes become a layer. */
export function fromStraight(rgba: usize, count: i32, layer: usize): void {
  for (const past = layer + ((<usize>count) << 4); layer < past; layer += 16, rgba += 4) {
    const weight = <f32>load<u8>(rgba, 3) * (1.0 / 255.0);
    const colour = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(rgba))));
    v128.store(layer, f32x4.replace_lane(f32x4.mul(colour, f32x4.splat(weight)), 3, weight));
  }
}

/**
 * Lays a layer f32 [height,width,4] over RGBA bytes whose colours are multiplied by their alpha, as all are that hide
 * what is behind them; `stride` a row.
 */
export function lay(layer: usize, width: i32, height: i32, pixels: usize, stride: usize): void {
  const most = f32x4.splat(255);
  const half = f32x4.splat(0.5);
  for (let row = 0; row < height; row++, pixels += stride) {
    let at = pixels;
    for (const past = layer + ((<usize>width) << 4); layer < past; layer += 16, at += 4) {
      const weight = load<f32>(layer, 12);
      if (weight <= LEAST_WEIGHT) continue;
      const below = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
      const rest = f32x4.splat(1 - weight);
      const over = f32x4.replace_lane(v128.load(layer), 3, weight * 255);
      const mixed = f32x4.add(over, f32x4.mul(f32x4.convert_i32x4_u(below), rest));
      const level = i32x4.trunc_sat_f32x4_u(f32x4.add(f32x4.min(mixed, most), half));
      const words = i16x8.narrow_i32x4_u(level, level);
      store<u32>(at, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
    }
  }
}

/** Adds `share` of f32 [count] to others. */
export function addShare(sums: usize, values: usize, count: i32, share: f32): void {
  const shares = f32x4.splat(share);
  for (const past = sums + ((<usize>count) << 2); sums < past; sums += 16, values += 16)
    v128.store(sums, f32x4.add(v128.load(sums), f32x4.mul(v128.load(values), shares)));
}
