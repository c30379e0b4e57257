/** Added to a small whole number, its last bits are that number: converting takes several times as long. */
const INTEGER_32: f32 = 8388608; // 2^23; of numbers from 0
const INTEGER_64: f64 = 6755399441055744; // 3 * 2^51; of negative ones too

/**
 * Finds `count` positions f32 [.,2], in 256ths of a square picture's side, among its texels: into `places` [count] the
 * column and row of the texel before each, i32, and how far behind its centre it lies across and down, f32. Nothing
 * lies further than two texels outside.
 *
 * `grid` f32 [gridSide,gridSide,2] are offsets of positions, in their unit, looked up bilinearly at the position; its
 * edge is repeated outside. A `gridSide` of 0: there are none.
 */
export function locate(positions: usize, count: i32, side: i32, grid: usize, gridSide: i32, places: usize): void {
  const scale = f64x2.splat(<f64>side / 256);
  const half = f64x2.splat(0.5);
  const least = f64x2.splat(-2);
  const farthest = f64x2.splat(<f64>(side + 1));
  const integer = f64x2.splat(INTEGER_64);
  for (const past = places + ((<usize>count) << 4); places < past; places += 16, positions += 8) {
    const position = v128.load64_zero(positions);
    const moved = gridSide > 0 ? f32x4.add(position, offset(position, grid, gridSide)) : position;
    const texel = f64x2.sub(f64x2.mul(f64x2.promote_low_f32x4(moved), scale), half);
    const kept = f64x2.pmin(farthest, f64x2.pmax(least, texel));
    const whole = f64x2.floor(kept);
    const between = f32x4.demote_f64x2_zero(f64x2.sub(kept, whole));
    v128.store(places, v128.shuffle<i32>(f64x2.add(whole, integer), between, 0, 2, 4, 5));
  }
}

function offset(position: v128, grid: usize, side: i32): v128 {
  const line = (<usize>side) << 3;
  const place = f32x4.sub(f32x4.mul(position, f32x4.splat(<f32>side / 256)), f32x4.splat(0.5));
  const kept = f32x4.pmin(f32x4.splat(<f32>(side - 1)), f32x4.pmax(f32x4.splat(0), place));
  const cell = f32x4.pmin(f32x4.splat(<f32>(side - 2)), f32x4.floor(kept));
  const within = f32x4.sub(kept, cell);
  const whole = i32x4.sub(f32x4.add(cell, f32x4.splat(INTEGER_32)), f32x4.splat(INTEGER_32));
  const at = grid + <usize>i32x4.extract_lane(whole, 1) * line + ((<usize>i32x4.extract_lane(whole, 0)) << 3);
  const right = v128.shuffle<f32>(within, within, 0, 0, 0, 0);
  const down = v128.shuffle<f32>(within, within, 1, 1, 1, 1);
  const first = between(v128.load(at), right);
  const second = between(v128.load(at + line), right);
  return f32x4.add(first, f32x4.mul(down, f32x4.sub(second, first)));
}

/** Of two neighbours of two values each. */
function between(pair: v128, share: v128): v128 {
  return f32x4.add(pair, f32x4.mul(share, f32x4.sub(v128.shuffle<f64>(pair, pair, 1, 1), pair)));
}
