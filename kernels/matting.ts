// What of draw/matting.ts is done at every pixel and cell; doubles in the same order, so that results are the same.

/** Of the border: distances inwards from where the alpha ends at last, 256ths. A mask errs by some of them. */
const SOMEBODY_FROM: f64 = -6;
const SOMEBODY_TO: f64 = -2;
const SURELY_FROM: f64 = 1;
const SURELY_TO: f64 = 5;
const OUTLINE_FROM: f64 = -1;
const OUTLINE_TO: f64 = 3;
/** Distances of colours, of 255. Person and background have to differ, or the outline is believed. */
const TELLS_APART_FROM: f64 = 25;
const TELLS_APART_TO: f64 = 70;
/** What is no mixture of the two is the person where it differs from the background: by less if that is known well. */
const NEITHER_FROM: f64 = 40;
const NEITHER_TO: f64 = 90;
const DIFFERS_FROM: f64 = 50;
const DIFFERS_TO: f64 = 110;
const DIFFERS_FROM_PLATE_FROM: f64 = 20;
const DIFFERS_FROM_PLATE_TO: f64 = 60;
/** The plate is the background where it looks as what was drawn beside it. */
const NOT_THE_PLATE_FROM: f64 = 10;
const NOT_THE_PLATE_TO: f64 = 28;
/** A mixture that is nearly the one is the one. */
const MIXED_FROM: f64 = 0.1;
const MIXED_TO: f64 = 0.85;

function floatAt(from: usize, index: i32): f64 {
  return <f64>load<f32>(from + ((<usize>index) << 2));
}

function intAt(from: usize, index: i32): i32 {
  return load<i32>(from + ((<usize>index) << 2));
}

function ramp(value: f64, from: f64, to: f64): f64 {
  const x = min(max((value - from) / (to - from), 0), 1);
  return x * x * (3 - 2 * x);
}

/**
 * Adds up, into `sums` f32 [cells,8], of the pixels of each cell: a picture [height,width,4] whose colours are
 * multiplied by their alpha, and that, then its background's three colours, then how many they are. `across` and `down`
 * i32 say which column and row of cells, of `columns` each, a pixel is in.
 */
export function gather(
  multiplied: usize,
  background: usize,
  width: i32,
  height: i32,
  across: usize,
  down: usize,
  columns: i32,
  sums: usize,
): void {
  for (let y = 0; y < height; y++) {
    const row = sums + ((<usize>(intAt(down, y) * columns)) << 5);
    for (let x = 0; x < width; x++, multiplied += 4, background += 4) {
      const to = row + ((<usize>intAt(across, x)) << 5);
      const person = f32x4.convert_i32x4_u(
        i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(multiplied))),
      );
      const behind = f32x4.convert_i32x4_u(
        i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(background))),
      );
      v128.store(to, f32x4.add(v128.load(to), person));
      v128.store(to + 16, f32x4.add(v128.load(to + 16), f32x4.replace_lane(behind, 3, 1)));
    }
  }
}

/** Each place of a coarse plane, f32 [ceil(height/2),ceil(width/2),C] and its weights, from the four that it covers. */
export function pull(
  values: usize,
  weights: usize,
  width: i32,
  height: i32,
  channels: i32,
  coarse: usize,
  coarseWeights: usize,
): void {
  const across = (width + 1) >> 1;
  const count = across * ((height + 1) >> 1);
  memory.fill(coarse, 0, (<usize>(count * channels)) << 2);
  memory.fill(coarseWeights, 0, (<usize>count) << 2);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++, weights += 4, values += (<usize>channels) << 2) {
      const weight = load<f32>(weights);
      if (weight === 0) continue;
      const place = <usize>((row >> 1) * across + (column >> 1));
      const sum = coarseWeights + (place << 2);
      store<f32>(sum, load<f32>(sum) + weight);
      const to = coarse + place * ((<usize>channels) << 2);
      for (let c: usize = 0; c < (<usize>channels) << 2; c += 4)
        store<f32>(to + c, load<f32>(to + c) + load<f32>(values + c));
    }
  }
  for (let i = 0; i < count; i++, coarseWeights += 4, coarse += (<usize>channels) << 2) {
    const sum = load<f32>(coarseWeights);
    if (sum <= 1) continue;
    store<f32>(coarseWeights, 1);
    for (let c: usize = 0; c < (<usize>channels) << 2; c += 4) store<f32>(coarse + c, load<f32>(coarse + c) / sum);
  }
}

/** Adds to what is known of a plane, as far as it is not, what the coarse one of half its size has there. */
export function push(coarse: usize, values: usize, weights: usize, width: i32, height: i32, channels: i32): void {
  const across = (width + 1) >> 1;
  const down = (height + 1) >> 1;
  const size = (<usize>channels) << 2;
  for (let row = 0; row < height; row++) {
    // The next coarse row or column is the one that a place is nearer to: weights are 3/4 and 1/4.
    const near = (row >> 1) * across;
    const other = min(max((row >> 1) + ((row & 1) === 0 ? -1 : 1), 0), down - 1) * across;
    for (let column = 0; column < width; column++, weights += 4, values += size) {
      const unknown = 1 - <f64>load<f32>(weights);
      if (unknown === 0) continue;
      const x = column >> 1;
      const next = min(max(x + ((column & 1) === 0 ? -1 : 1), 0), across - 1);
      const a = coarse + <usize>(near + x) * size;
      const b = coarse + <usize>(near + next) * size;
      const c = coarse + <usize>(other + x) * size;
      const d = coarse + <usize>(other + next) * size;
      for (let k: usize = 0; k < size; k += 4) {
        const value =
          9 * <f64>load<f32>(a + k) + 3 * (<f64>load<f32>(b + k) + <f64>load<f32>(c + k)) + <f64>load<f32>(d + k);
        store<f32>(values + k, <f32>(<f64>load<f32>(values + k) + (unknown * value) / 16));
      }
    }
  }
}

/**
 * Lets distances f32 [height,width] grow from each place to its neighbours, in place: what is known keeps its value,
 * what is infinite becomes the distance to the nearest that is known, in places, within 8 % (Borgefors 1986).
 */
export function spreadDistances(away: usize, width: i32, height: i32): void {
  const line = (<usize>width) << 2;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      step(away + line * <usize>row + ((<usize>column) << 2), line, row > 0, column > 0, column < width - 1, false);
  for (let row = height - 1; row >= 0; row--)
    for (let column = width - 1; column >= 0; column--)
      step(
        away + line * <usize>row + ((<usize>column) << 2),
        line,
        row < height - 1,
        column < width - 1,
        column > 0,
        true,
      );
}

function step(at: usize, line: usize, above: bool, before: bool, after: bool, back: bool): void {
  if (before) nearer(at, back ? at + 4 : at - 4, 1);
  if (!above) return;
  const next = back ? at + line : at - line;
  nearer(at, next, 1);
  if (before) nearer(at, back ? next + 4 : next - 4, Math.SQRT2);
  if (after) nearer(at, back ? next - 4 : next + 4, Math.SQRT2);
}

function nearer(at: usize, from: usize, far: f64): void {
  const there = <f64>load<f32>(from) + far;
  if (there < <f64>load<f32>(at)) store<f32>(at, <f32>there);
}

function between(values: usize, a: i32, b: i32, c: i32, d: i32, across: f64, down: f64): f64 {
  const above = floatAt(values, a) * (1 - across) + floatAt(values, b) * across;
  const below = floatAt(values, c) * (1 - across) + floatAt(values, d) * across;
  return above * (1 - down) + below * down;
}

/**
 * Straight RGBA of the person alone into `bare`, which may be the picture. `across` and `down`: i32 of the first and of
 * the second cell beside each pixel, and f32 how near the second is, one list after the other. Of cells: `inside` and
 * `surely` f32, 256ths from where the alpha begins; `person` f32 [3] and `ring` f32 [4], colours and how far from the
 * plate. `near`: 256ths that a pixel may be from the first of its cells; `beyond`: as far as the alpha reaches. `room`
 * is f32 [6].
 */
export function takeOff(
  multiplied: usize,
  background: usize,
  bare: usize,
  width: i32,
  height: i32,
  across: usize,
  down: usize,
  columns: i32,
  inside: usize,
  surely: usize,
  person: usize,
  ring: usize,
  near: f64,
  beyond: f64,
  room: usize,
): void {
  const second = (<usize>width) << 2;
  const lower = (<usize>height) << 2;
  for (let y = 0; y < height; y++) {
    const row = intAt(down, y) * columns;
    const next = intAt(down + lower, y) * columns;
    const low = floatAt(down + 2 * lower, y);
    for (let x = 0; x < width; x++, multiplied += 4, background += 4, bare += 4) {
      const first = intAt(across, x);
      const alpha = <f64>load<u8>(multiplied, 3);
      if (alpha === 0 || floatAt(inside, row + first) < beyond + SOMEBODY_FROM - near) store<u32>(bare, 0);
      else if (floatAt(surely, row + first) > beyond + SURELY_TO + near) {
        for (let k: usize = 0; k < 3; k++)
          store<u8>(bare + k, <u8>(<i32>min(255, (<f64>load<u8>(multiplied + k) * 255) / alpha + 0.5)));
        store<u8>(bare, <u8>(<i32>alpha), 3);
      } else {
        const after = intAt(across + second, x);
        const right = floatAt(across + 2 * second, x);
        const a = row + first;
        const b = row + after;
        const c = next + first;
        const d = next + after;
        unmix(multiplied, background, bare, a, b, c, d, right, low, inside, surely, person, ring, beyond, room);
      }
    }
  }
}

/** One pixel of the border. */
function unmix(
  multiplied: usize,
  background: usize,
  bare: usize,
  a: i32,
  b: i32,
  c: i32,
  d: i32,
  right: f64,
  low: f64,
  inside: usize,
  surely: usize,
  person: usize,
  ring: usize,
  beyond: f64,
  room: usize,
): void {
  const within = between(inside, a, b, c, d, right, low);
  const deep = ramp(between(surely, a, b, c, d, right, low), beyond + SURELY_FROM, beyond + SURELY_TO);
  const plate =
    1 - ramp(between(ring + 12, a * 4, b * 4, c * 4, d * 4, right, low), NOT_THE_PLATE_FROM, NOT_THE_PLATE_TO);
  const drawn = 255 / <f64>load<u8>(multiplied, 3);
  // Seen from the background: the colour here and the person's own, and what the first has of the second.
  let apart: f64 = 0;
  let along: f64 = 0;
  let away: f64 = 0;
  let fromRing: f64 = 0;
  let fromPlate: f64 = 0;
  for (let k = 0; k < 3; k++) {
    const channel = (<usize>k) << 2;
    const own = between(person + channel, a * 3, b * 3, c * 3, d * 3, right, low);
    const beside = between(ring + channel, a * 4, b * 4, c * 4, d * 4, right, low);
    const filmed = <f64>load<u8>(background + k);
    const behind = beside + plate * (filmed - beside);
    const here = <f64>load<u8>(multiplied + k) * drawn;
    apart += (own - behind) * (own - behind);
    along += (here - behind) * (own - behind);
    away += (here - behind) * (here - behind);
    fromRing += (here - beside) * (here - beside);
    fromPlate += (here - filmed) * (here - filmed);
    store<f32>(room + channel, <f32>here);
    store<f32>(room + 12 + channel, <f32>(own - behind));
  }
  const mixed = min(max(along / max(apart, 1), 0), 1);
  const rest = sqrt(max(0, away - 2 * mixed * along + mixed * mixed * apart));
  const toOwn = sqrt(max(0, away - 2 * along + apart));
  const nearer = sqrt(away) / max(sqrt(away) + toOwn, 1);
  const unlike = ramp(sqrt(apart), TELLS_APART_FROM, TELLS_APART_TO);
  const told = unlike * (1 - ramp(rest, NEITHER_FROM, NEITHER_TO));
  const distance = sqrt(min(fromRing, fromPlate));
  const differs =
    ramp(distance, DIFFERS_FROM, DIFFERS_TO) * (1 - plate) +
    ramp(distance, DIFFERS_FROM_PLATE_FROM, DIFFERS_FROM_PLATE_TO) * plate;
  const untold = max(differs, ramp(within, beyond + OUTLINE_FROM, beyond + OUTLINE_TO) * (1 - unlike * plate));
  const share = ramp(max(mixed, nearer), MIXED_FROM, MIXED_TO) * told + untold * (1 - told);
  // The background's part of a mixture becomes the person's; what is no part of it stays.
  const exchanged = told * (1 - mixed) * (1 - deep);
  for (let k = 0; k < 3; k++) {
    const channel = (<usize>k) << 2;
    const colour = <f64>load<f32>(room + channel) + exchanged * <f64>load<f32>(room + 12 + channel);
    store<u8>(bare + k, <u8>(<i32>(min(max(colour, 0), 255) + 0.5)));
  }
  const alpha = 255 * min(max(share, deep), ramp(within, beyond + SOMEBODY_FROM, beyond + SOMEBODY_TO)) + 0.5;
  store<u8>(bare, <u8>(<i32>alpha), 3);
}
