import type { MotionTrack } from '../bundle/index.ts';
import { SeededRandom } from '../numbers/random.ts';
import { centred, Products, sum } from '../numbers/ridge.ts';
import { gaussian } from '../numbers/sampling.ts';
import { evenly } from './rows.ts';
import { nodAndTurn } from './speech-habits.ts';

/** Shoulders are looked at so many times a second. */
const RATE = 5;
/** Fewer breaths than there are in this tell nothing; more time tells nothing new, and would be noticed. */
const LEAST_SECONDS = 40;
const LONGEST_SECONDS = 240;
/** Breaths a second that are looked for: 12 to 20 a minute at rest, and what speech makes of that (Hixon 1987). */
const [SLOWEST, FASTEST] = [0.15, 0.5];
/** Slower movement is posture: a Gaussian of so many seconds, which leaves a breath of 10 s as it is. */
const POSTURE = 6;
/** A rhythm is taken for breath where noise that is as slow would show one as strong less often than this. */
const CHANCE = 0.002;
/** Frequencies of a Hann window lie so many of its own steps apart before they tell something of their own. */
const INDEPENDENT = 1.5;
const STEPS = 3; // of frequency, in each of its window's own
/** Noise is looked at in lines up to so many times as fast and as slow, but none within so many of a window's steps. */
const AROUND = 1.8;
const BESIDE = 2;
/** What a breath carries of another channel's strength is listened to in a band of so many hertz (deviation). */
const BAND = 0.06;
/** How the head is held is taken off the shoulders, as it was so many rows before and after too. */
const LAGS = [-2, 0, 2];
const RIDGE = 1e-3;
const MOST_SPREAD = 0.3; // of the logarithm of a breath's length
/** Of the head's crop: its lower edge's middle lies between the shoulders. */
const CROP = { across: 0.5, down: 1 } as const;

/** What breathing does to the torso at a moment. */
interface Breath {
  /** Source pixels upwards, between the shoulders. */
  readonly rise: number;
  /** Of their size, 0 as it is. */
  readonly swell: number;
}
type Channel = keyof Breath;
const CHANNELS: readonly Channel[] = ['rise', 'swell'];

interface Complex {
  readonly re: number;
  readonly im: number;
}

/** How a person's shoulders move as they breathe. */
export interface BreathHabit {
  readonly perSecond: number;
  /** Deviation of the logarithm of a breath's length. */
  readonly spread: number;
  /** How likely noise shows as strong a rhythm. */
  readonly chance: number;
  /** Their own breath at `RATE` from 0 on, as a turning pointer. */
  readonly own: { readonly re: Float64Array; readonly im: Float64Array };
  /** What of that each channel does. */
  readonly carried: Readonly<Record<Channel, Complex>>;
  /** Between the shoulders, in the torso's reference frame. */
  readonly pivot: readonly [x: number, y: number];
}

/**
 * Learns it from the torso of a track, less what goes with the head. Undefined where no rhythm of breath's stands out
 * of that: shoulders that are not seen, a video too short, somebody who moves too much. The strongest frequency is
 * compared with those around it.
 */
export function learnBreathing(track: MotionTrack): BreathHabit | undefined {
  const seconds = Math.min(track.time.at(-1)!, LONGEST_SECONDS);
  if (!(seconds >= LEAST_SECONDS)) return undefined;
  const pivot = between(track);
  const even = (of: (row: number) => number): Float64Array => {
    const values = Float64Array.from({ length: track.frames }, (_, row) => of(row));
    // what is quicker than the grid is taken off first
    const smooth = gaussian(values, (0.5 / RATE) * (track.frames / track.time.at(-1)!), 3);
    return withoutTrend(evenly(smooth, track.time, RATE).subarray(0, Math.floor(seconds * RATE)));
  };
  const head = headColumns(track, even);
  const torso = (row: number): Float32Array => track.torso.subarray(row * 6, row * 6 + 6);
  const moved: Record<Channel, Float64Array> = {
    rise: even((row) => -placeOf(torso(row), pivot)[1]),
    swell: even((row) => Math.log(sizeOf(torso(row)) || 1)),
  };
  const left = Object.fromEntries(
    CHANNELS.map((channel) => [channel, apartFrom(moved[channel], head)] as const),
  ) as Record<Channel, Float64Array>;
  const peaks = CHANNELS.map((channel) => ({ channel, ...strongest(left[channel]) }));
  const lead = peaks.reduce((best, peak) => (peak.chance < best.chance ? peak : best));
  const chance = 1 - (1 - lead.chance) ** CHANNELS.length;
  if (!(chance < CHANCE)) return undefined;
  const own = pointer(left[lead.channel], lead.perSecond);
  const carried = (channel: Channel): Complex =>
    channel === lead.channel
      ? { re: 1, im: 0 }
      : isThere(left[channel], lead.perSecond)
        ? carriedBy(own, left[channel])
        : { re: 0, im: 0 };
  return {
    perSecond: lead.perSecond,
    spread: spreadOf(own, lead.perSecond),
    chance,
    own,
    carried: { rise: carried('rise'), swell: carried('swell') },
    pivot,
  };
}

/** Breath without end: as often, as evenly and as deep as a person's own, which is taken off what they did. */
export class Breathing {
  readonly #habit: BreathHabit;
  readonly #random: SeededRandom;
  /** When each breath begins, and how deep it is; as far as it was asked for. */
  readonly #breaths: { readonly at: number; readonly depth: number }[] = [];

  constructor(habit: BreathHabit, seed: number) {
    this.#habit = habit;
    this.#random = new SeededRandom(seed);
    this.#breaths.push({ at: -this.#random.next() / habit.perSecond, depth: this.#depth() });
  }

  /** A torso [6] of the track's, as it was at a moment of it, without the breath of that moment. */
  without(torso: Float32Array, moment: number): Float32Array {
    const { re, im } = this.#habit.own;
    const place = Math.min(Math.max(moment * RATE, 0), re.length - 1);
    const row = Math.min(Math.floor(place), re.length - 2);
    const at = (values: Float64Array): number => values[row]! + (place - row) * (values[row + 1]! - values[row]!);
    const { rise, swell } = this.#breath({ re: at(re), im: at(im) });
    return breathed(torso, this.#habit.pivot, { rise: -rise, swell: -swell });
  }

  /** A torso [6] with the breath of a moment of the timeline. */
  with(torso: Float32Array, seconds: number): Float32Array {
    const breaths = this.#breaths;
    while (breaths.at(-1)!.at <= seconds) {
      const { perSecond, spread } = this.#habit;
      const length = Math.exp(spread * this.#random.normal()) / perSecond;
      breaths.push({ at: breaths.at(-1)!.at + length, depth: this.#depth() });
    }
    let [low, high] = [0, breaths.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (breaths[middle]!.at <= seconds) low = middle;
      else high = middle;
    }
    const [now, next] = [breaths[low]!, breaths[high]!];
    const share = (seconds - now.at) / (next.at - now.at);
    const depth = now.depth + share * (next.depth - now.depth);
    const angle = 2 * Math.PI * share;
    return breathed(
      torso,
      this.#habit.pivot,
      this.#breath({ re: depth * Math.cos(angle), im: depth * Math.sin(angle) }),
    );
  }

  #depth(): number {
    const { re, im } = this.#habit.own;
    const row = Math.floor(this.#random.next() * re.length);
    return Math.hypot(re[row]!, im[row]!);
  }

  #breath(own: Complex): Breath {
    const { rise, swell } = this.#habit.carried;
    const of = (carried: Complex): number => carried.re * own.re - carried.im * own.im;
    return { rise: of(rise), swell: of(swell) };
  }
}

function between({ crop, frames }: Pick<MotionTrack, 'crop' | 'frames'>): [number, number] {
  const middle = (of: (row: number) => number): number =>
    Float64Array.from({ length: frames }, (_, row) => of(row)).toSorted()[frames >> 1]!;
  return [
    middle((row) => crop[row * 3]! + CROP.across * crop[row * 3 + 2]!),
    middle((row) => crop[row * 3 + 1]! + CROP.down * crop[row * 3 + 2]!),
  ];
}

function placeOf(t: Float32Array, [x, y]: readonly [number, number]): [number, number] {
  return [t[0]! * x + t[1]! * y + t[2]!, t[3]! * x + t[4]! * y + t[5]!];
}

function sizeOf(t: Float32Array): number {
  return Math.hypot(t[0]!, t[3]!);
}

function breathed(t: Float32Array, pivot: readonly [number, number], { rise, swell }: Breath): Float32Array {
  const [x, y] = placeOf(t, pivot);
  const scale = Math.exp(swell);
  const [a, b, c, d] = [scale * t[0]!, scale * t[1]!, scale * t[3]!, scale * t[4]!];
  return Float32Array.of(a, b, x - a * pivot[0] - b * pivot[1], c, d, y - rise - c * pivot[0] - d * pivot[1]);
}

function headColumns(
  { rotation, translation }: MotionTrack,
  even: (of: (row: number) => number) => Float64Array,
): Float64Array[] {
  const held = [
    even((row) => nodAndTurn(rotation, row)[0]),
    even((row) => nodAndTurn(rotation, row)[1]),
    even((row) => Math.atan2(rotation[row * 9 + 3]!, rotation[row * 9 + 4]!)),
    ...[0, 1, 2].map((axis) => even((row) => translation[row * 3 + axis]!)),
  ];
  const spread = held.map((column) => Math.sqrt(sum(column.map((value) => value * value)) / column.length) || 1);
  return held.flatMap((column, k) =>
    LAGS.map((lag) =>
      column.map((_, row) => column[Math.min(Math.max(row + lag, 0), column.length - 1)]! / spread[k]!),
    ),
  );
}

function withoutTrend(values: Float64Array): Float64Array {
  const trend = gaussian(values, POSTURE * RATE, 3);
  return centred(values.map((value, k) => value - trend[k]!));
}

function apartFrom(signal: Float64Array, columns: readonly Float64Array[]): Float64Array {
  const weights = Products.of(columns, [signal], 0, signal.length).weights(0, RIDGE);
  return signal.map((value, row) => columns.reduce((rest, column, k) => rest - weights[k]! * column[row]!, value));
}

/** The frequency that stands out most, and how likely noise has one that does as much. */
function strongest(signal: Float64Array): { readonly perSecond: number; readonly chance: number } {
  const step = stepOf(signal);
  const lines = spectrum(signal, SLOWEST / AROUND, FASTEST * AROUND, step);
  let best = { perSecond: SLOWEST, chance: 1 };
  lines.forEach((line, k) => {
    const { perSecond, power } = line;
    if (perSecond < SLOWEST || perSecond > FASTEST) return;
    if (power < lines[k - 1]!.power || power < lines[k + 1]!.power) return;
    const chance = chanceOf(lines, line, step * STEPS);
    if (chance < best.chance) best = { perSecond, chance };
  });
  const places = (2 * (FASTEST - SLOWEST)) / (step * STEPS * INDEPENDENT);
  return { perSecond: best.perSecond, chance: 1 - (1 - best.chance) ** places };
}

function stepOf(signal: Float64Array): number {
  return RATE / signal.length / STEPS;
}

/** Whether a signal has this rhythm too. */
function isThere(signal: Float64Array, perSecond: number): boolean {
  const step = stepOf(signal);
  const [line] = spectrum(signal, perSecond, perSecond, 1);
  return chanceOf(spectrum(signal, SLOWEST / AROUND, FASTEST * AROUND, step), line!, step * STEPS) < CHANCE;
}

interface Line {
  readonly perSecond: number;
  readonly power: number;
}

/** Of how a signal changes (posture's own spectrum falls so steeply), under a Hann window; from one to another. */
function spectrum(signal: Float64Array, from: number, to: number, step: number): Line[] {
  const n = signal.length - 1;
  const changes = signal.subarray(0, n).map((value, k) => signal[k + 1]! - value);
  const windowed = changes.map((value, k) => value * (0.5 - 0.5 * Math.cos((2 * Math.PI * (k + 0.5)) / n)));
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, line) => {
    const perSecond = from + line * step;
    let [re, im] = [0, 0];
    for (let k = 0; k < n; k++) {
      const angle = (2 * Math.PI * perSecond * k) / RATE;
      re += windowed[k]! * Math.cos(angle);
      im += windowed[k]! * Math.sin(angle);
    }
    return { perSecond, power: re * re + im * im };
  });
}

/**
 * How likely noise has a line that stands out as much from those around it, which are taken for as strong as noise is
 * there. A line of noise and the mean of `m` others are spread as F of 2 and 2m degrees of freedom.
 */
function chanceOf(lines: readonly Line[], { perSecond, power }: Line, width: number): number {
  const others = lines.filter(
    (line) =>
      Math.abs(Math.log(line.perSecond / perSecond)) < Math.log(AROUND) &&
      Math.abs(line.perSecond - perSecond) > BESIDE * width,
  );
  const m = others.length / (STEPS * INDEPENDENT);
  const mean = others.reduce((total, line) => total + line.power, 0) / others.length;
  return m > 0 && mean > 0 ? (1 + power / mean / m) ** -m : 1;
}

/** What a signal does around a frequency, as a turning pointer whose real part it is. */
function pointer(signal: Float64Array, perSecond: number): BreathHabit['own'] {
  const angle = (k: number): number => (2 * Math.PI * perSecond * k) / RATE;
  const sigma = RATE / (2 * Math.PI * BAND);
  const re = gaussian(
    signal.map((value, k) => 2 * value * Math.cos(angle(k))),
    sigma,
    3,
  );
  const im = gaussian(
    signal.map((value, k) => -2 * value * Math.sin(angle(k))),
    sigma,
    3,
  );
  return {
    re: re.map((value, k) => value * Math.cos(angle(k)) - im[k]! * Math.sin(angle(k))),
    im: im.map((value, k) => value * Math.cos(angle(k)) + re[k]! * Math.sin(angle(k))),
  };
}

function carriedBy({ re, im }: BreathHabit['own'], signal: Float64Array): Complex {
  const power = sum(re.map((value, k) => value * value + im[k]! ** 2)) || 1;
  return {
    re: (2 * sum(signal.map((value, k) => value * re[k]!))) / power,
    im: (-2 * sum(signal.map((value, k) => value * im[k]!))) / power,
  };
}

/** Of the logarithm of how long a turn of the pointer takes. */
function spreadOf({ re, im }: BreathHabit['own'], perSecond: number): number {
  const turn = Math.round(RATE / perSecond);
  const steps = Float64Array.from({ length: re.length - 1 }, (_, k) =>
    Math.atan2(re[k]! * im[k + 1]! - im[k]! * re[k + 1]!, re[k]! * re[k + 1]! + im[k]! * im[k + 1]!),
  );
  const logs = Float64Array.from({ length: Math.floor(steps.length / turn) }, (_, n) =>
    Math.log(Math.max(sum(steps.subarray(n * turn, (n + 1) * turn)) / (2 * Math.PI), 0.1)),
  );
  const deviation = Math.sqrt(sum(centred(logs).map((value) => value * value)) / Math.max(logs.length, 1));
  return Math.min(deviation, MOST_SPREAD);
}
