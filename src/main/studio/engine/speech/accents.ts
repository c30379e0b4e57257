import { HEARD_COLUMNS } from '../bundle/index.ts';
import { gaussian } from '../numbers/sampling.ts';

/**
 * Columns of `features` that say how something was said (`Layout` of the trainer's speech graph): the level, 0 at 20 dB
 * under the loudest of the surroundings and 1 at the loudest; the pitch in octaves from the speaker's mean; voicing
 * 0..1.
 */
const COLUMNS = [293, 295, 296] as const;
/** Narrower features do not hold them. */
export const TOLD_FROM_WIDTH = 297;
const ROW_RATE = 100;

/** A syllable's middle is the peak of the level, smoothed by this much, among rows of which most are voiced. */
const LEVEL_SIGMA = 4; // rows
const VOICED = 0.5;
const VOICED_REACH = 3; // rows
/** Two peaks with less of a dip between them are one syllable. */
const LEAST_DIP = 0.1; // 2 dB
/** The highest pitch of a syllable is looked for from so many rows before its middle to so many after it. */
const PITCH_BEFORE = 6;
const PITCH_AFTER = 10;
/** Mean and deviation of both over the syllables of ordinary speech: louder and higher than most is prominent. */
const USUAL = { level: 0.45, levelSpread: 0.2, pitch: 0.2, pitchSpread: 0.35 } as const;
const MOST = 5;

/**
 * Syllables in order, flat: [n,2] of the middle in seconds, and how prominent it is (0 not at all, 1 as most are, 5 at
 * most).
 */
export type Accents = Float32Array;

/**
 * The rows [T,3] that accents are found in, of `features` [T,width]; nothing where an avatar's features have no such
 * columns.
 */
export function heardOf(features: Float32Array, width: number): Float32Array {
  if (width < TOLD_FROM_WIDTH) return new Float32Array(0);
  const heard = new Float32Array((features.length / width) * HEARD_COLUMNS);
  for (let k = 0; k < heard.length; k++)
    heard[k] = features[Math.floor(k / HEARD_COLUMNS) * width + COLUMNS[k % HEARD_COLUMNS]!]!;
  return heard;
}

/**
 * Finds them in rows [T,3] at 100 Hz whose first is at `start` seconds. A syllable depends on less than 13 s around it.
 */
export function findAccents(heard: Float32Array, start = 0): Accents {
  const rows = heard.length / HEARD_COLUMNS;
  const level = gaussian(
    Float64Array.from({ length: rows }, (_, row) => heard[row * HEARD_COLUMNS]!),
    LEVEL_SIGMA,
    4,
  );
  const isVoiced = (row: number): boolean => heard[row * HEARD_COLUMNS + 2]! > VOICED;
  const middles: number[] = [];
  for (let row = 1; row + 1 < rows; row++) {
    if (!(level[row]! > level[row - 1]! && level[row]! >= level[row + 1]! && level[row]! > 0 && mostlyVoiced(row)))
      continue;
    const last = middles.at(-1);
    if (last !== undefined && Math.min(level[last]!, level[row]!) - lowest(level, last, row) < LEAST_DIP) {
      if (level[row]! > level[last]!) middles[middles.length - 1] = row;
    } else middles.push(row);
  }
  return Float32Array.from(middles.flatMap((row) => [start + row / ROW_RATE, prominence(level[row]!, highest(row))]));

  function mostlyVoiced(row: number): boolean {
    let voiced = 0;
    for (let near = row - VOICED_REACH; near <= row + VOICED_REACH; near++)
      if (near >= 0 && near < rows && isVoiced(near)) voiced += 1;
    return voiced > VOICED_REACH;
  }
  function highest(row: number): number {
    let best = Number.NEGATIVE_INFINITY;
    for (let near = Math.max(row - PITCH_BEFORE, 0); near < Math.min(row + PITCH_AFTER, rows); near++)
      if (isVoiced(near)) best = Math.max(best, heard[near * HEARD_COLUMNS + 1]!);
    return Number.isFinite(best) ? best : 0;
  }
}

/** Number of the first syllable at `seconds` or after it. */
export function accentFrom(accents: Accents, seconds: number): number {
  let [low, high] = [0, accents.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (accents[middle * 2]! < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

function prominence(level: number, pitch: number): number {
  const { level: usualLevel, levelSpread, pitch: usualPitch, pitchSpread } = USUAL;
  return Math.min(Math.max((level - usualLevel) / levelSpread + (pitch - usualPitch) / pitchSpread + 1, 0), MOST);
}

function lowest(values: Float64Array, from: number, to: number): number {
  let least = values[from]!;
  for (let k = from; k <= to; k++) least = Math.min(least, values[k]!);
  return least;
}
