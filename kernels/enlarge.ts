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
