/** The tile that is laid over a picture again and again: chips of +1 and -1. */
import { SeededRandom } from '../engine/index.ts';
import { CODED_BITS } from './message.ts';

/** Chips along a tile's side. */
export const TILE = 32;
/** Chips along the side of a square with as many pixels as the picture, so that scaling moves none of them in it. */
const CHIPS_ACROSS = 104;

/** Pixels along the side of a chip, in a picture that was neither cropped nor put into another. */
export function chipSide({ width, height }: { readonly width: number; readonly height: number }): number {
  return Math.sqrt(width * height) / CHIPS_ACROSS;
}
/** Each coded bit has so many chips of a tile; what is left over is the same whatever is said, to be found by. */
const CHIPS_PER_BIT = 3;
const SEED = 0x4c494b45;

/** Of each chip of a tile [TILE*TILE] its sign, and the number of the coded bit that turns it; -1 of none. */
const { signs, bits } = laidOut();

function laidOut(): { readonly signs: Int8Array; readonly bits: Int16Array } {
  const random = new SeededRandom(SEED);
  const count = TILE * TILE;
  const places = Array.from({ length: count }, (_, place) => place);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    [places[last], places[other]] = [places[other]!, places[last]!];
  }
  const all = new Int16Array(count).fill(-1);
  for (let k = 0; k < CODED_BITS * CHIPS_PER_BIT; k++) all[places[k]!] = k % CODED_BITS;
  return { bits: all, signs: Int8Array.from({ length: count }, () => (random.next() < 0.5 ? -1 : 1)) };
}

/** A tile that says `coded` [CODED_BITS]; without it, of what is always the same, with 0 in between. */
export function chipsOf(coded?: ArrayLike<number>): Float32Array {
  return Float32Array.from(signs, (sign, chip) => {
    const bit = bits[chip]!;
    return bit === -1 ? sign : sign * (coded?.[bit] ?? 0);
  });
}

/** What a tile's chips [TILE*TILE] say of each coded bit [CODED_BITS]. */
export function bitsIn(chips: Float32Array): Float32Array {
  const soft = new Float32Array(CODED_BITS);
  chips.forEach((chip, place) => {
    const bit = bits[place]!;
    if (bit !== -1) soft[bit] = soft[bit]! + chip * signs[place]!;
  });
  return soft;
}

/** Less what is around each (wrapping): slow changes, which are seen most and tell least, are left out. */
export function sharpened(chips: Float32Array): Float32Array {
  const at = (column: number, row: number): number => chips[((row + TILE) % TILE) * TILE + ((column + TILE) % TILE)]!;
  return chips.map((chip, place) => {
    const [column, row] = [place % TILE, Math.floor(place / TILE)];
    let around = 0;
    for (let y = row - 1; y <= row + 1; y++) for (let x = column - 1; x <= column + 1; x++) around += at(x, y);
    return chip - SHARPEN * (around / 9);
  });
}
/** Of the mean around a chip, how much is taken away. */
const SHARPEN = 0.8;

/** A tile as pixels show it, `samples` a chip: chips with smooth transitions (Catmull and Rom). */
export function drawn(chips: Float32Array, samples: number): Float32Array {
  const side = TILE * samples;
  const across = new Float32Array(TILE * side);
  const whole = new Float32Array(side * side);
  for (let place = 0; place < side; place++) {
    const { first, weights } = tapsAt((place + 0.5) / samples - 0.5);
    for (let row = 0; row < TILE; row++)
      for (let k = 0; k < 4; k++)
        across[row * side + place]! += weights[k]! * chips[row * TILE + ((first + k + TILE) % TILE)]!;
  }
  for (let place = 0; place < side; place++) {
    const { first, weights } = tapsAt((place + 0.5) / samples - 0.5);
    for (let column = 0; column < side; column++)
      for (let k = 0; k < 4; k++)
        whole[place * side + column]! += weights[k]! * across[((first + k + TILE) % TILE) * side + column]!;
  }
  return whole;
}

function tapsAt(place: number): { first: number; weights: readonly number[] } {
  const whole = Math.floor(place);
  const t = place - whole;
  const [t2, t3] = [t * t, t * t * t];
  const weights = [(-t + 2 * t2 - t3) / 2, (2 - 5 * t2 + 3 * t3) / 2, (t + 4 * t2 - 3 * t3) / 2, (t3 - t2) / 2];
  return { first: whole - 1, weights };
}
