import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import type { MotionTrack, Rig } from '../bundle/index.ts';

/** Upper and lower lid, middle: right, left. */
const LIDS = [
  [159, 145],
  [386, 374],
] as const;
/**
 * Share of the way from the person's open eyes (median) to their most shut ones, where a blink begins and where it
 * counts.
 */
const BEGUN = 0.3;
const SHUT = 0.6;
/**
 * Nobody's eyes are as good as shut at 2 % of the frames by tracking noise alone: less movement than this is no blink.
 */
const LEAST_TRAVEL = 0.25; // of the open eye
const LONGEST_SECONDS = 0.5; // longer: eyes held shut, or looking down
/**
 * What is expected of anybody, weighed as so many seconds of watching (Bentivoglio et al. 1997: 17 a minute at rest).
 */
const USUAL_RATE = 17 / 60;
const USUAL_SECONDS = 20;
const USUAL_SPREAD = 0.5; // of the logarithm of the time between two blinks
const PROFILE = 16;
/** Lids fall in a third of the time and rise in the rest (Evinger et al. 1991). */
const USUAL_PROFILE = Float64Array.from({ length: PROFILE }, (_, k) => {
  const x = k / (PROFILE - 1);
  return x < 1 / 3 ? Math.sin((x * 3 * Math.PI) / 2) ** 2 : Math.cos(((x - 1 / 3) * 1.5 * Math.PI) / 2) ** 2;
});

/** How a person blinks. */
export interface BlinkHabits {
  readonly perSecond: number;
  /** Of one blink. */
  readonly seconds: number;
  /** Deviation of the logarithm of the time between two. */
  readonly spread: number;
  /** 0 open .. 1 shut over one blink, evenly spaced. */
  readonly profile: Float64Array;
  /** Change of the expression [64] from open to shut eyes. */
  readonly closing: Float32Array;
  /** The track's expressions [T,64] with blinks taken out. */
  readonly open: Float32Array;
  /** When the person's blinks begin, seconds. */
  readonly onsets: readonly number[];
}

/** Rows from the open eye before a blink to the open eye after it. */
interface Blink {
  readonly first: number;
  readonly last: number;
}

/** Learns from the person's own video; what too few blinks cannot tell is what is usual. */
export function learnBlinks(
  track: Pick<MotionTrack, 'frames' | 'time' | 'state' | 'expression'>,
  rig: Pick<Rig, 'neutral' | 'expressionBasis' | 'eyeMask'>,
): BlinkHabits {
  const closure = closures(track, rig);
  const blinks = closure ? wholeBlinks(track, closure) : [];
  const watched = track.frames > 1 ? track.time[track.frames - 1]! - track.time[0]! : 0;
  const middles = blinks.map(({ first, last }) => (track.time[first]! + track.time[last]!) / 2);
  const logs = middles.slice(1).map((time, k) => Math.log(time - middles[k]!));
  const mean = logs.reduce((a, b) => a + b, 0) / Math.max(logs.length, 1);
  const known = blinks.length >= 3;
  const lengths = blinks.map(({ first, last }) => track.time[last]! - track.time[first]!);
  return {
    perSecond: (blinks.length + USUAL_RATE * USUAL_SECONDS) / (watched + USUAL_SECONDS),
    seconds: known ? Math.min(Math.max(median(lengths), 0.12), LONGEST_SECONDS) : 0.25,
    spread: known
      ? Math.min(Math.max(Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length), 0.2), 0.8)
      : USUAL_SPREAD,
    profile: known ? meanProfile(track, closure!, blinks) : USUAL_PROFILE,
    closing: closingOf(track, rig, closure, blinks),
    open: withoutBlinks(track, rig, blinks),
    onsets: blinks.map(({ first }) => track.time[first]!),
  };
}

/** How shut the eyes are `since` seconds after a blink began, 0..1. */
export function shutAt({ profile, seconds }: Pick<BlinkHabits, 'profile' | 'seconds'>, since: number): number {
  const position = (since / seconds) * (profile.length - 1);
  if (!(position > 0) || position >= profile.length - 1) return 0;
  const below = Math.floor(position);
  return profile[below]! + (position - below) * (profile[below + 1]! - profile[below]!);
}

/** Share of the way from open to most shut [T]; undefined where the eyes never shut. */
function closures(
  { frames, state, expression }: Pick<MotionTrack, 'frames' | 'state' | 'expression'>,
  { neutral, expressionBasis }: Pick<Rig, 'neutral' | 'expressionBasis'>,
): Float64Array | undefined {
  const height = (values: Float32Array, base: number) =>
    LIDS.reduce((sum, [upper, lower]) => sum + values[base + upper * 3 + 1]! - values[base + lower * 3 + 1]!, 0) /
    LIDS.length;
  const slopes = Float64Array.from({ length: EXPRESSIONS }, (_, k) => height(expressionBasis, k * VERTICES * 3));
  const rest = height(neutral, 0);
  const heights = Float64Array.from({ length: frames }, (_, frame) =>
    slopes.reduce((sum, slope, k) => sum + slope * expression[frame * EXPRESSIONS + k]!, rest),
  );
  const good = [...heights].filter((_, frame) => state[frame] === 0).sort((a, b) => a - b);
  if (good.length < 2) return undefined;
  const open = good[good.length >> 1]!;
  const shut = good[Math.floor(good.length * 0.005)]!;
  if (!(open - shut > LEAST_TRAVEL * Math.abs(open))) return undefined;
  return heights.map((value) => Math.min(Math.max((open - value) / (open - shut), 0), 1));
}

/** Frames of whole blinks among the good frames. */
function wholeBlinks(
  { frames, time, state }: Pick<MotionTrack, 'frames' | 'time' | 'state'>,
  closure: Float64Array,
): Blink[] {
  const found: Blink[] = [];
  for (let frame = 0; frame < frames; frame++) {
    if (closure[frame]! <= SHUT || state[frame] !== 0) continue;
    let [first, last] = [frame, frame];
    while (first > 0 && closure[first - 1]! > BEGUN) first -= 1;
    while (last + 1 < frames && closure[last + 1]! > BEGUN) last += 1;
    const whole = first > 0 && last + 1 < frames; // one more on each side: where it is open again
    if (whole && time[last + 1]! - time[first - 1]! <= LONGEST_SECONDS)
      found.push({ first: first - 1, last: last + 1 });
    frame = last;
  }
  return found;
}

function meanProfile(
  { time }: Pick<MotionTrack, 'time'>,
  closure: Float64Array,
  blinks: readonly Blink[],
): Float64Array {
  const mean = new Float64Array(PROFILE);
  for (const { first, last } of blinks) {
    for (let k = 0; k < PROFILE; k++) {
      const at = time[first]! + (k / (PROFILE - 1)) * (time[last]! - time[first]!);
      let after = first + 1;
      while (after < last && time[after]! < at) after += 1;
      const share = (at - time[after - 1]!) / Math.max(time[after]! - time[after - 1]!, 1e-9);
      mean[k]! += (closure[after - 1]! + share * (closure[after]! - closure[after - 1]!)) / blinks.length;
    }
  }
  const base = Float64Array.from(
    { length: PROFILE },
    (_, k) => mean[0]! + (k / (PROFILE - 1)) * (mean[PROFILE - 1]! - mean[0]!),
  ); // begins and ends open
  const lifted = mean.map((value, k) => Math.max(value - base[k]!, 0));
  const peak = Math.max(...lifted, 1e-9);
  return lifted.map((value) => value / peak);
}

/**
 * Mean of the eyes' part of what the most shut frame of a blink is away from the way between the frames around it, as
 * far as whole blinks go.
 */
function closingOf(
  { time, expression }: Pick<MotionTrack, 'time' | 'expression'>,
  { eyeMask }: Pick<Rig, 'eyeMask'>,
  closure: Float64Array | undefined,
  blinks: readonly Blink[],
): Float32Array {
  const change = new Float64Array(EXPRESSIONS);
  if (closure === undefined || blinks.length === 0) return new Float32Array(EXPRESSIONS);
  // lids are not quite open around a blink: how far they are shut, and how far they go from there
  let [depth, fallen] = [0, 0];
  for (const { first, last } of blinks) {
    let deepest = first;
    for (let frame = first; frame <= last; frame++) if (closure[frame]! > closure[deepest]!) deepest = frame;
    const share = (time[deepest]! - time[first]!) / (time[last]! - time[first]!);
    const away = (value: (frame: number) => number): number =>
      value(deepest) - value(first) - share * (value(last) - value(first));
    depth += closure[deepest]!;
    fallen += away((frame) => closure[frame]!);
    for (let k = 0; k < EXPRESSIONS; k++)
      change[k]! += away((frame) => expression[frame * EXPRESSIONS + k]!) / blinks.length;
  }
  return masked(
    eyeMask,
    change.map((value) => (value * depth) / fallen),
  );
}

/** The track's expressions, the eyes' part carried across each blink from before it to after it. */
function withoutBlinks(
  { time, expression }: Pick<MotionTrack, 'time' | 'expression'>,
  { eyeMask }: Pick<Rig, 'eyeMask'>,
  blinks: readonly Blink[],
): Float32Array {
  const open = expression.slice();
  for (const { first, last } of blinks) {
    for (let frame = first + 1; frame < last; frame++) {
      const share = (time[frame]! - time[first]!) / (time[last]! - time[first]!);
      const wanted = Float64Array.from({ length: EXPRESSIONS }, (_, k) => {
        const [before, after, now] = [first, last, frame].map((row) => expression[row * EXPRESSIONS + k]!) as [
          number,
          number,
          number,
        ];
        return before + share * (after - before) - now;
      });
      masked(eyeMask, wanted).forEach((change, k) => (open[frame * EXPRESSIONS + k]! += change));
    }
  }
  return open;
}

function masked(mask: Float32Array, values: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: EXPRESSIONS }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < EXPRESSIONS; k++) sum += mask[i * EXPRESSIONS + k]! * values[k]!;
    return sum;
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
