/** Less alpha has no colour. */
const LEAST_ALPHA: f32 = 1 / 510;

/**
 * Levels f32 [count,4] 0..255, colour times alpha, to 0..1 in place, and to straight RGBA bytes, rounded.
 */
export function straighten(levels: usize, count: i32, rgba: usize): void {
  const most = f32x4.splat(255);
  const share = f32x4.splat(1 / 255);
  const half = f32x4.splat(0.5);
  for (const past = levels + ((<usize>count) << 4); levels < past; levels += 16, rgba += 4) {
    const level = f32x4.min(f32x4.max(v128.load(levels), f32x4.splat(0)), most);
    const multiplied = f32x4.mul(level, share);
    v128.store(levels, multiplied);
    const alpha = f32x4.extract_lane(multiplied, 3);
    const scale = f32x4.splat(alpha < LEAST_ALPHA ? 0 : 255 / alpha);
    const colour = f32x4.min(f32x4.mul(multiplied, scale), most);
    const straight = f32x4.replace_lane(colour, 3, alpha * 255);
    const whole = i32x4.trunc_sat_f32x4_u(f32x4.add(straight, half));
    const words = i16x8.narrow_i32x4_u(whole, whole);
    store<u32>(rgba, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
  }
}
