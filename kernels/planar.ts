/** BT.709, limited range: see planar.ts. */
const RED: f32 = 0.2126;
const GREEN: f32 = 0.7152;
const BLUE: f32 = 0.0722;
const LUMA_LEVELS: f32 = 219 / 255;
const U_LEVELS: f32 = 224 / 255 / (2 * (1 - 0.0722)); // a level of U, of blue minus luma
const V_LEVELS: f32 = 224 / 255 / (2 * (1 - 0.2126));
/** The same in 32768ths, of R, G, B: each row comes to the whole of its range, or to 0. */
const WORDS_TO_LUMA = i16x8(5983, 20127, 2032, 0, 5983, 20127, 2032, 0);
const WORDS_TO_CHROMA = i16x8(-3298, -11094, 14392, 0, 14392, -13072, -1320, 0);
/** Less than half a grey level of weight leaves the picture as it is, to the bit. */
const LEAST_WEIGHT: f32 = 0.002;

/**
 * Lays a layer f32 [height,width,4] over luma bytes, `stride` a row.
 */
export function layLuma(layer: usize, width: i32, height: i32, luma: usize, stride: usize): void {
  for (let row = 0; row < height; row++, luma += stride) {
    for (let column: usize = 0; column < <usize>width; column++, layer += 16) {
      const weight = load<f32>(layer, 12);
      if (weight <= LEAST_WEIGHT) continue;
      put(luma + column, LUMA_LEVELS * lumaAt(layer) + 16 * weight, weight);
    }
  }
}

/**
 * The same over U and V, half as fine: each sample lies on the centre of an even column and between two rows, and is of
 * three columns 1:2:1.
 */
export function layChroma(layer: usize, width: i32, height: i32, u: usize, v: usize, stride: usize): void {
  const line = (<usize>width) << 4;
  const double = f32x4.splat(2);
  for (let row = 0; row < height; row += 2, layer += line * 2, u += stride, v += stride) {
    for (let column = 0; column < width; column += 2) {
      const at = layer + ((<usize>column) << 4);
      const before = at - (column > 0 ? 16 : 0);
      const sum = f32x4.add(f32x4.add(pair(before, line), pair(at + 16, line)), f32x4.mul(pair(at, line), double));
      const mean = f32x4.mul(sum, f32x4.splat(0.125));
      const weight = f32x4.extract_lane(mean, 3);
      if (weight <= LEAST_WEIGHT) continue;
      const red = f32x4.extract_lane(mean, 0);
      const blue = f32x4.extract_lane(mean, 2);
      const luma = RED * red + GREEN * f32x4.extract_lane(mean, 1) + BLUE * blue;
      const sample = (<usize>column) >> 1;
      put(u + sample, U_LEVELS * (blue - luma) + 128 * weight, weight);
      put(v + sample, V_LEVELS * (red - luma) + 128 * weight, weight);
    }
  }
}

function pair(at: usize, line: usize): v128 {
  return f32x4.add(v128.load(at), v128.load(at + line));
}

function lumaAt(at: usize): f32 {
  return RED * load<f32>(at) + GREEN * load<f32>(at, 4) + BLUE * load<f32>(at, 8);
}

function put(at: usize, level: f32, weight: f32): void {
  const mixed = level + <f32>load<u8>(at) * (1 - weight);
  store<u8>(at, <u8>(<i32>(min(max(mixed, 0), 255) + 0.5)));
}

/**
 * RGBA bytes [height,width] as planes: luma, and U and V half as fine, each between two columns and two rows, as ffmpeg
 * sites what it converts. Blended of four columns, -1:9:9:-1, and of both rows; edges repeat, alpha is left out. Both
 * sides are even.
 */
export function toPlanes(rgba: usize, width: i32, height: i32, luma: usize, u: usize, v: usize): void {
  toLuma(rgba, width * height, luma);
  const line = (<usize>width) << 2;
  const row = (<usize>width) >> 1;
  for (const past = rgba + line * height; rgba < past; rgba += line * 2, u += row, v += row)
    toChroma(rgba, rgba + line, row, u, v);
}

function toLuma(rgba: usize, count: i32, luma: usize): void {
  const offset = i32x4.splat((16 << 15) + (1 << 14));
  for (const past = rgba + ((<usize>count) << 2); rgba < past; rgba += 16, luma += 4) {
    const pixels = v128.load(rgba);
    const first = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(pixels), WORDS_TO_LUMA);
    const second = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(pixels), WORDS_TO_LUMA);
    const sums = i32x4.add(i32x4.shuffle(first, second, 0, 2, 4, 6), i32x4.shuffle(first, second, 1, 3, 5, 7));
    const levels = i32x4.shr_s(i32x4.add(sums, offset), 15);
    const words = i16x8.narrow_i32x4_u(levels, levels);
    store<u32>(luma, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
  }
}

/** Of two rows, `count` samples. */
function toChroma(upper: usize, lower: usize, count: usize, u: usize, v: usize): void {
  let at = bothRows(upper, lower);
  let before = i64x2.shuffle(at, at, 0, 0);
  for (const last = u + count - 1; u < last; u++, v++) {
    upper += 8;
    lower += 8;
    const after = bothRows(upper, lower);
    putChroma(before, at, after, u, v);
    before = at;
    at = after;
  }
  putChroma(before, at, i64x2.shuffle(at, at, 1, 1), u, v);
}

/** Two pixels of each, added: eight words. */
function bothRows(upper: usize, lower: usize): v128 {
  return i16x8.add(
    i16x8.extend_low_i8x16_u(v128.load64_zero(upper)),
    i16x8.extend_low_i8x16_u(v128.load64_zero(lower)),
  );
}

/** The sample between the two pixels of `at`. */
function putChroma(before: v128, at: v128, after: v128, u: usize, v: usize): void {
  const near = i16x8.add(at, i64x2.shuffle(at, at, 1, 0));
  const far = i16x8.add(i64x2.shuffle(before, before, 1, 1), i64x2.shuffle(after, after, 0, 0));
  const blended = i16x8.sub(i16x8.mul(near, i16x8.splat(9)), far); // 32 times as much
  const sums = i32x4.dot_i16x8_s(blended, WORDS_TO_CHROMA);
  store<u8>(u, chromaOf(i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1)));
  store<u8>(v, chromaOf(i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)));
}

function chromaOf(sum: i32): u8 {
  return <u8>min(max((sum + (128 << 20) + (1 << 19)) >> 20, 0), 255);
}
