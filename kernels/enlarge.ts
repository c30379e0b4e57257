/**
 * A row f32 [.,4] at other columns, each blended of `count` others: `first` i32 [columns,count] says which, `weight`
 * f32 [columns,count] how much of each. Into `out` f32 [columns,4].
 */
export function stretch(row: usize, first: usize, weight: usize, count: usize, columns: i32, out: usize): void {
  const size = count << 2;
  for (const past = out + ((<usize>columns) << 4); out < past; out += 16) {
    let sum = f32x4.splat(0);
    for (const end = first + size; first < end; first += 4, weight += 4)
      sum = f32x4.add(sum, f32x4.mul(v128.load(row + ((<usize>load<i32>(first)) << 4)), v128.load32_splat(weight)));
    v128.store(out, sum);
  }
}

/** A row of `columns` f32 [columns,4] blended of `count` of the rows at `rows`, as above. Into `out`. */
export function blendRows(rows: usize, first: usize, weight: usize, count: usize, columns: i32, out: usize): void {
  const line = (<usize>columns) << 4;
  for (let at: usize = 0; at < line; at += 16) {
    let sum = f32x4.splat(0);
    for (let tap: usize = 0; tap < count << 2; tap += 4)
      sum = f32x4.add(
        sum,
        f32x4.mul(v128.load(rows + line * <usize>load<i32>(first + tap) + at), v128.load32_splat(weight + tap)),
      );
    v128.store(out + at, sum);
  }
}

/**
 * Columns of a row, blended of four of the rows at `rows`, which lie `line` bytes apart, and added to those at `base`.
 * Into `out` f32 [columns,4].
 */
export function blendOnto(
  rows: usize,
  line: usize,
  first: usize,
  weight: usize,
  columns: i32,
  base: usize,
  out: usize,
): void {
  let a = rows + line * <usize>load<i32>(first);
  let b = rows + line * <usize>load<i32>(first, 4);
  let c = rows + line * <usize>load<i32>(first, 8);
  let d = rows + line * <usize>load<i32>(first, 12);
  const wa = v128.load32_splat(weight);
  const wb = v128.load32_splat(weight, 4);
  const wc = v128.load32_splat(weight, 8);
  const wd = v128.load32_splat(weight, 12);
  for (const past = out + ((<usize>columns) << 4); out < past; out += 16) {
    const upper = f32x4.add(f32x4.mul(v128.load(a), wa), f32x4.mul(v128.load(b), wb));
    const lower = f32x4.add(f32x4.mul(v128.load(c), wc), f32x4.mul(v128.load(d), wd));
    v128.store(out, f32x4.add(v128.load(base), f32x4.add(upper, lower)));
    a += 16;
    b += 16;
    c += 16;
    d += 16;
    base += 16;
  }
}
