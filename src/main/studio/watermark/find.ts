/** Finding a watermark in what is left of a picture. */
import { setImmediate as turn } from 'node:timers/promises';
import { Fourier } from './fourier.ts';
import { decode, type Message } from './message.ts';
import type { Plane } from './plane.ts';
import { bitsIn, chipSide, chipsOf, drawn, sharpened, TILE } from './tile.ts';

/** What was found at the likeliest place. */
export interface Found {
  /** By how many deviations the tile's known part stands out of everything else there; 5 is usual without any. */
  readonly score: number;
  /** The side of a chip against that in a picture that was not cropped: 4/3 in three quarters of it. */
  readonly scale: number;
  /** What it says, where that holds together. */
  readonly message: Message | null;
  /** What each coded bit looks like: the surer the farther from 0. */
  readonly soft: Float32Array;
}

/** Samples a chip is folded into along its side. */
const SAMPLES = 2;
const SIDE = TILE * SAMPLES;
const fourier = new Fourier(SIDE);
const known = knownSpectrum();

/** Chips are sought from 3/4 of their side (a picture inside another) to 5/2 of it (a crop to 2/5). */
const LEAST_SCALE = 0.75;
const MOST_SCALE = 2.5;
/** Across half a picture, 52 chips, that is a fifth of one. */
const STEP = 1.004;
/** Then around the best, each side for itself. */
const FINER = [0.002, 0.001];

interface Guess {
  readonly score: number;
  /** Pixels of a chip, across and down. */
  readonly across: number;
  readonly down: number;
  /** The tile's begin, as an index of samples [SIDE,SIDE]. */
  readonly begin: number;
}

/** Looks for a tile in a whitened plane, at every size and place: a second, in which others get their turns. */
export async function find(plane: Plane): Promise<Found> {
  const natural = chipSide(plane);
  let best: Guess = { score: 0, across: natural, down: natural, begin: 0 };
  const attempt = (across: number, down: number): void => {
    const guess = match(folded(plane, across, down));
    if (guess.score > best.score) best = { ...guess, across, down };
  };
  for (let scale = LEAST_SCALE; scale <= MOST_SCALE; scale *= STEP) {
    attempt(natural * scale, natural * scale);
    await turn();
  }
  for (const step of FINER) {
    const { across, down } = best;
    for (let x = -2; x <= 2; x++) for (let y = -2; y <= 2; y++) attempt(across * (1 + x * step), down * (1 + y * step));
  }
  const soft = bitsIn(sharpened(chipsAt(folded(plane, best.across, best.down), best.begin)));
  return { score: best.score, scale: best.across / natural, message: decode(soft), soft };
}

/** All tiles of a plane laid over each other: sums [SIDE,SIDE]. */
function folded({ width, height, values }: Plane, across: number, down: number): Float64Array {
  const sums = new Float64Array(SIDE * SIDE);
  const place = (pixel: number, chip: number): number => Math.floor(((pixel + 0.5) / chip) * SAMPLES) % SIDE;
  const columns = Uint16Array.from({ length: width }, (_, column) => place(column, across));
  for (let row = 0, at = 0; row < height; row++) {
    const line = place(row, down) * SIDE;
    for (let column = 0; column < width; column++, at++) {
      const sample = line + columns[column]!;
      sums[sample] = sums[sample]! + values[at]!;
    }
  }
  return sums;
}

function knownSpectrum(): { readonly real: Float64Array; readonly imaginary: Float64Array } {
  const real = Float64Array.from(drawn(sharpened(chipsOf()), SAMPLES));
  const imaginary = new Float64Array(real.length);
  fourier.transform({ real, imaginary });
  return { real, imaginary };
}

/** Where the known part of the tile fits best, and how far that stands out of all other places. */
function match(sums: Float64Array): Pick<Guess, 'score' | 'begin'> {
  const real = Float64Array.from(sums);
  const imaginary = new Float64Array(real.length);
  fourier.transform({ real, imaginary });
  for (let at = 0; at < real.length; at++) {
    const [re, im] = [real[at]!, imaginary[at]!];
    real[at] = re * known.real[at]! + im * known.imaginary[at]!;
    imaginary[at] = im * known.real[at]! - re * known.imaginary[at]!;
  }
  [real[0], imaginary[0]] = [0, 0]; // the mean says nothing
  fourier.transform({ real, imaginary }, true);
  let begin = 0;
  let power = 0;
  real.forEach((fit, at) => {
    power += fit * fit;
    if (fit > real[begin]!) begin = at;
  });
  return { score: real[begin]! / (Math.sqrt(power / real.length) || 1), begin };
}

/** The chips [TILE*TILE] of a tile that begins there. */
function chipsAt(sums: Float64Array, begin: number): Float32Array {
  const chips = new Float32Array(TILE * TILE);
  const [left, top] = [begin % SIDE, Math.floor(begin / SIDE)];
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      const chip = Math.floor(row / SAMPLES) * TILE + Math.floor(column / SAMPLES);
      chips[chip] = chips[chip]! + sums[((row + top) % SIDE) * SIDE + ((column + left) % SIDE)]!;
    }
  return chips;
}
