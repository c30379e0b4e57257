/** Of each row of a picture the first column that holds anything and the one past the last; both 0 for an empty row. */
export type Spans = Int32Array; // [height,2]

/** Of pictures of four values a texel that lie one after the other: a column counts where any of them is not 0. */
export function spansOf(pictures: Float32Array | Int8Array, width: number, height: number): Spans {
  const spans = new Int32Array(height * 2);
  // A texel's four bytes are looked at as one number.
  const bytes = pictures instanceof Int8Array;
  const values = bytes ? new Int32Array(pictures.buffer, pictures.byteOffset, pictures.length / 4) : pictures;
  const texel = bytes ? 1 : 4;
  const line = width * texel;
  for (let from = 0, row = 0; from < values.length; from += line, row = (row + 1) % height) {
    let first = 0;
    while (first < line && values[from + first] === 0) first++;
    if (first === line) continue;
    let last = line;
    while (values[from + last - 1] === 0) last--;
    widen(spans, row, Math.floor(first / texel), Math.ceil(last / texel));
  }
  return spans;
}

export function widen(spans: Spans, row: number, first: number, past: number): void {
  if (past <= first) return;
  const empty = spans[row * 2 + 1] === 0;
  spans[row * 2] = empty ? first : Math.min(spans[row * 2]!, first);
  spans[row * 2 + 1] = Math.max(spans[row * 2 + 1]!, past);
}
