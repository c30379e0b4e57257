/** In 32nds of a level: a flat place changes by that; what changes there hides more (docs/decisions/marking.md). */
const STRENGTH = i8x16.splat(24);
/** So many levels between neighbours are noise; so many more count, each as two 32nds. */
const FLAT = i8x16.splat(3);
const MOST = i8x16.splat(26);
const HALF = i16x8.splat(512); // of a level, where 32nds of strength meet 32nds of the pattern

/**
 * Lays a pattern of signed bytes, 32nds of 1, over bytes of luma `count` long, `line` a row: from `from`
 * to `to`. Two rows before and behind `from` are read too.
 */
export function watermarkLuma(from: usize, count: i32, line: i32, pattern: usize, to: usize): void {
  const rows = (<usize>line) << 1;
  for (const past = from + <usize>count; from < past; from += 16, pattern += 16, to += 16)
    v128.store(to, marked(v128.load(from), busy(from, 2, rows), v128.load(pattern)));
}

/** The same over RGBA [count], each colour alike; alpha stays. `line` is bytes a row. */
export function watermarkColours(from: usize, count: i32, line: i32, pattern: usize, to: usize): void {
  const rows = (<usize>line) << 1;
  const green = i8x16(1, 1, 1, 1, 5, 5, 5, 5, 9, 9, 9, 9, 13, 13, 13, 13);
  const each = i8x16(0, 0, 0, -1, 1, 1, 1, -1, 2, 2, 2, -1, 3, 3, 3, -1); // -1: nothing
  for (const past = from + ((<usize>count) << 2); from < past; from += 16, pattern += 4, to += 16) {
    const hidden = i8x16.swizzle(busy(from, 8, rows), green);
    const changes = i8x16.swizzle(v128.load32_zero(pattern), each);
    v128.store(to, marked(v128.load(from), hidden, changes));
  }
}

/** How much changes two pixels to every side. */
function busy(at: usize, aside: usize, rows: usize): v128 {
  const across = apart(v128.load(at - aside), v128.load(at + aside));
  return i8x16.add_sat_u(across, apart(v128.load(at - rows), v128.load(at + rows)));
}

function apart(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

function marked(levels: v128, hidden: v128, pattern: v128): v128 {
  const above = i8x16.min_u(i8x16.sub_sat_u(hidden, FLAT), MOST);
  const gain = i8x16.add(STRENGTH, i8x16.add(above, above));
  const low = i16x8.mul(i16x8.extend_low_i8x16_u(gain), i16x8.extend_low_i8x16_s(pattern));
  const high = i16x8.mul(i16x8.extend_high_i8x16_u(gain), i16x8.extend_high_i8x16_s(pattern));
  return i8x16.narrow_i16x8_u(
    i16x8.add(i16x8.extend_low_i8x16_u(levels), i16x8.shr_s(i16x8.add(low, HALF), 10)),
    i16x8.add(i16x8.extend_high_i8x16_u(levels), i16x8.shr_s(i16x8.add(high, HALF), 10)),
  );
}
