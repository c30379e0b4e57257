/**
 * Looks up a square picture f32 [side,side,4] at `count` places (locate.ts) by cubic convolution (a = -.75, as OpenCV);
 * its edge is repeated. Into `out` f32 [count,4], kept within 0..255, the fourth of each times `share`.
 *
 * `seeing` i32 [side,2]: by the row of a place the first and last column of it that see anything.
 */
export function sample(
  picture: usize,
  side: i32,
  seeing: usize,
  places: usize,
  count: i32,
  share: f32,
  out: usize,
): void {
  const last = side - 1;
  const line = (<usize>side) << 4;
  const none = f32x4.splat(0);
  const most = f32x4.splat(255);
  const shares = f32x4.replace_lane(f32x4.splat(1), 3, share);
  const c3 = f32x4(-0.75, 1.25, -1.25, 0.75);
  const c2 = f32x4(1.5, -2.25, 1.5, -0.75);
  const c1 = f32x4(-0.75, 0, 0.75, 0);
  const c0 = f32x4(0, 1, 0, 0);
  for (const past = out + ((<usize>count) << 4); out < past; out += 16, places += 16) {
    const column = load<i32>(places);
    const row = load<i32>(places, 4);
    const near = seeing + ((<usize>within(row, last)) << 3);
    if (column < load<i32>(near) || column > load<i32>(near, 4)) {
      v128.store(out, none);
      continue;
    }
    const across = weights(v128.load32_splat(places, 8), c3, c2, c1, c0);
    const down = weights(v128.load32_splat(places, 12), c3, c2, c1, c0);
    const wa = v128.shuffle<f32>(across, across, 0, 0, 0, 0);
    const wb = v128.shuffle<f32>(across, across, 1, 1, 1, 1);
    const wc = v128.shuffle<f32>(across, across, 2, 2, 2, 2);
    const wd = v128.shuffle<f32>(across, across, 3, 3, 3, 3);
    let top: v128;
    let second: v128;
    let third: v128;
    let bottom: v128;
    if (column >= 1 && row >= 1 && column < side - 2 && row < side - 2) {
      const at = picture + line * <usize>(row - 1) + ((<usize>(column - 1)) << 4);
      top = lineOf(at, 0, 16, 32, 48, wa, wb, wc, wd);
      second = lineOf(at + line, 0, 16, 32, 48, wa, wb, wc, wd);
      third = lineOf(at + line * 2, 0, 16, 32, 48, wa, wb, wc, wd);
      bottom = lineOf(at + line * 3, 0, 16, 32, 48, wa, wb, wc, wd);
    } else {
      const a = (<usize>within(column - 1, last)) << 4;
      const b = (<usize>within(column, last)) << 4;
      const c = (<usize>within(column + 1, last)) << 4;
      const d = (<usize>within(column + 2, last)) << 4;
      top = lineOf(picture + line * <usize>within(row - 1, last), a, b, c, d, wa, wb, wc, wd);
      second = lineOf(picture + line * <usize>within(row, last), a, b, c, d, wa, wb, wc, wd);
      third = lineOf(picture + line * <usize>within(row + 1, last), a, b, c, d, wa, wb, wc, wd);
      bottom = lineOf(picture + line * <usize>within(row + 2, last), a, b, c, d, wa, wb, wc, wd);
    }
    const upper = f32x4.add(
      f32x4.mul(top, v128.shuffle<f32>(down, down, 0, 0, 0, 0)),
      f32x4.mul(second, v128.shuffle<f32>(down, down, 1, 1, 1, 1)),
    );
    const lower = f32x4.add(
      f32x4.mul(third, v128.shuffle<f32>(down, down, 2, 2, 2, 2)),
      f32x4.mul(bottom, v128.shuffle<f32>(down, down, 3, 3, 3, 3)),
    );
    const sum = f32x4.min(f32x4.max(f32x4.add(upper, lower), none), most);
    v128.store(out, f32x4.mul(sum, shares));
  }
}

function weights(away: v128, c3: v128, c2: v128, c1: v128, c0: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(c3, away), c2), away), c1), away), c0);
}

function within(at: i32, last: i32): i32 {
  return min(max(at, 0), last);
}

function lineOf(line: usize, a: usize, b: usize, c: usize, d: usize, wa: v128, wb: v128, wc: v128, wd: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(v128.load(line + a), wa), f32x4.mul(v128.load(line + b), wb)),
    f32x4.add(f32x4.mul(v128.load(line + c), wc), f32x4.mul(v128.load(line + d), wd)),
  );
}
