/** What of a picture looks like noise: all that a pattern of its own could hide in. */
import { Fourier } from './fourier.ts';
import { blurred, type Plane } from './plane.ts';
import { chipSide } from './tile.ts';

/** Both sides of a plane are at most that long. */
export const MOST_SIDE = 512;
const fourier = new Fourier(MOST_SIDE);

/** Levels: below them a place is as flat as another. */
const FLOOR = 0.6;
/** Deviations beyond which nothing is believed. */
const CLIP = 2.5;
/** Of frequencies, over how many their strength is taken together. */
const NEIGHBOURS = 3;

/**
 * The plane less its slow changes, as strong everywhere, in every place and in every frequency, and of deviation 1
 * nearly: stripes, edges and texture tell no more than anything else.
 */
export function whitened(plane: Plane): Plane {
  const chip = chipSide(plane);
  const slow = blurred(plane, Math.max(1, Math.round(chip * 0.8))).values;
  const quick = { ...plane, values: plane.values.map((value, at) => value - slow[at]!) };
  const squares = { ...plane, values: quick.values.map((value) => value * value) };
  const power = blurred(squares, Math.max(1, Math.round(chip * 1.5))).values;
  const even = quick.values.map((value, at) => clipped(value / (rootOf(power[at]!) + FLOOR)));
  return evenSpectrum({ ...plane, values: even });
}

/** Of a mean of squares: the sums that slide along a smooth picture end a hair below nothing. */
const rootOf = (mean: number): number => Math.sqrt(Math.max(0, mean));

const clipped = (value: number): number => Math.max(-CLIP, Math.min(CLIP, value));

function evenSpectrum(plane: Plane): Plane {
  const { width, height, values } = plane;
  const real = new Float64Array(MOST_SIDE ** 2);
  const imaginary = new Float64Array(MOST_SIDE ** 2);
  for (let row = 0; row < height; row++) real.set(values.subarray(row * width, (row + 1) * width), row * MOST_SIDE);
  fourier.transform({ real, imaginary });
  const strengths = Float32Array.from(real, (re, at) => re * re + imaginary[at]! ** 2);
  const around = blurred({ width: MOST_SIDE, height: MOST_SIDE, values: strengths }, NEIGHBOURS).values;
  for (let at = 0; at < real.length; at++) {
    const share = 1 / (rootOf(around[at]!) + 1e-6);
    real[at]! *= share;
    imaginary[at]! *= share;
  }
  fourier.transform({ real, imaginary }, true);
  const whole = new Float32Array(width * height);
  for (let row = 0; row < height; row++)
    whole.set(real.subarray(row * MOST_SIDE, row * MOST_SIDE + width), row * width);
  const deviation = Math.sqrt(whole.reduce((sum, value) => sum + value * value, 0) / whole.length) || 1;
  return { ...plane, values: whole.map((value) => clipped(value / deviation)) };
}
