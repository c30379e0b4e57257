/**
 * Changes a layer f32 [count,4] in place: each colour by `gain` of how its luma (BT.601) is away from `pivot`, and by
 * `red`, `green` and `blue`, all times the weight; between 0 and 255 times the weight.
 */
export function tone(layer: usize, count: i32, gain: f32, pivot: f32, red: f32, green: f32, blue: f32): void {
  const lumas = f32x4(0.299, 0.587, 0.114, 0);
  const changes = f32x4(red, green, blue, 0);
  for (const past = layer + ((<usize>count) << 4); layer < past; layer += 16) {
    const colour = v128.load(layer);
    const weight = f32x4.extract_lane(colour, 3);
    const weights = f32x4.splat(weight);
    const parts = f32x4.mul(colour, lumas);
    const luma = f32x4.extract_lane(parts, 0) + f32x4.extract_lane(parts, 1) + f32x4.extract_lane(parts, 2);
    const step = f32x4.splat(gain * (luma - pivot * weight));
    const changed = f32x4.add(f32x4.add(colour, step), f32x4.mul(changes, weights));
    const kept = f32x4.min(f32x4.max(changed, f32x4.splat(0)), f32x4.mul(weights, f32x4.splat(255)));
    v128.store(layer, f32x4.replace_lane(kept, 3, weight));
  }
}
