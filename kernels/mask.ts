/** 1 where either of two depth maps f32 [count] is finite, else 0, into `mask` f32. `count` is a multiple of four. */
export function unite(first: usize, second: usize, count: i32, mask: usize): void {
  const none = f32x4.splat(Infinity);
  const one = f32x4.splat(1);
  for (const past = mask + ((<usize>count) << 2); mask < past; mask += 16, first += 16, second += 16) {
    const seen = v128.or(f32x4.ne(v128.load(first), none), f32x4.ne(v128.load(second), none));
    v128.store(mask, v128.and(seen, one));
  }
}

/**
 * Lets a mask f32 [side,side] reach `by` pixels further down, the last of them in part; `since` f32 [side] is room.
 */
export function lower(mask: usize, side: i32, since: usize, by: f32): void {
  const line = (<usize>side) << 2;
  const one = f32x4.splat(1);
  const whole = f32x4.splat(floor(by));
  const next = f32x4.splat(floor(by) + 1);
  const rest = f32x4.splat(by - floor(by));
  for (let at = since; at < since + line; at += 16) v128.store(at, f32x4.splat(<f32>side)); // rows since the region
  for (const past = mask + line * <usize>side; mask < past; mask += line) {
    for (let x: usize = 0; x < line; x += 16) {
      const value = v128.load(mask + x);
      const inside = f32x4.eq(value, one);
      const rows = v128.andnot(f32x4.add(v128.load(since + x), one), inside);
      v128.store(since + x, rows);
      const reached = v128.bitselect(one, rest, f32x4.le(rows, whole));
      const changed = v128.andnot(f32x4.le(rows, next), inside);
      v128.store(mask + x, v128.bitselect(reached, value, changed));
    }
  }
}

/** Mean over `2 radius + 1` pixels of each row f32 [side,side]; beyond the picture there is nothing (0). */
export function blurRows(from: usize, to: usize, side: i32, radius: i32): void {
  const width = 2 * radius + 1;
  const share = 1 / <f64>width;
  const line = (<usize>side) << 2;
  for (let row = 0; row < side; row++, from += line, to += line) {
    let sum: f64 = 0;
    for (let x = 0; x < radius; x++) sum += <f64>load<f32>(from + ((<usize>x) << 2));
    for (let x = 0; x < side; x++) {
      const at = (<usize>x) << 2;
      if (x + radius < side) sum += <f64>load<f32>(from + at + ((<usize>radius) << 2));
      if (x - radius - 1 >= 0) sum -= <f64>load<f32>(from + at - ((<usize>(radius + 1)) << 2));
      store<f32>(to + at, <f32>(sum * share));
    }
  }
}

/** The same of each column; `sums` f32 [side] is room. */
export function blurColumns(from: usize, to: usize, side: i32, radius: i32, sums: usize): void {
  const width = 2 * radius + 1;
  const share = f32x4.splat(1 / <f32>width);
  const line = (<usize>side) << 2;
  for (let x: usize = 0; x < line; x += 16) {
    let sum = f32x4.splat(0);
    for (let y = 0; y < radius; y++) sum = f32x4.add(sum, v128.load(from + line * <usize>y + x));
    v128.store(sums + x, sum);
  }
  for (let y = 0; y < side; y++) {
    const enters = y + radius < side;
    const leaves = y - radius - 1 >= 0;
    for (let x: usize = 0; x < line; x += 16) {
      let sum = v128.load(sums + x);
      if (enters) sum = f32x4.add(sum, v128.load(from + line * <usize>(y + radius) + x));
      if (leaves) sum = f32x4.sub(sum, v128.load(from + line * <usize>(y - radius - 1) + x));
      v128.store(sums + x, sum);
      v128.store(to + line * <usize>y + x, f32x4.mul(sum, share));
    }
  }
}

/** Left, top, right and bottom, i32 [4] into `box`, of what of a mask f32 [side,side] is not less than `nothing`. */
export function boxOf(mask: usize, side: i32, nothing: f32, box: usize): void {
  let left = side;
  let top = side;
  let right = 0;
  let bottom = 0;
  for (let y = 0; y < side; y++, mask += (<usize>side) << 2) {
    let first = 0;
    while (first < side && load<f32>(mask + ((<usize>first) << 2)) < nothing) first++;
    if (first === side) continue;
    let past = side;
    while (load<f32>(mask + ((<usize>(past - 1)) << 2)) < nothing) past--;
    left = min(left, first);
    right = max(right, past);
    top = min(top, y);
    bottom = y + 1;
  }
  store<i32>(box, left);
  store<i32>(box, top, 4);
  store<i32>(box, right, 8);
  store<i32>(box, bottom, 12);
}
