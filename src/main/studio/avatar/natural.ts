import { blinkMoments, type BlinkHabits, learnBlinks, shutAt } from './blinks.ts';
import type { Control } from './control.ts';
import { SeededRandom } from './random.ts';
import { EXPRESSIONS, type MotionTrack, type Rig } from './rig.ts';

/** How long one piece of the person's own motion is followed, and how long the next one fades in over it, seconds. */
const SHORTEST_PIECE = 2;
const LONGEST_PIECE = 4.5;
const FADE = 0.9;
/** The next piece begins at one of so many places where the head is held most alike. */
const CHOICES = 5;
/** A centimetre and so many radians are as far apart. */
const RADIANS_PER_CM = 0.1;
const SAME_PLACE_SECONDS = 1; // a piece that begins where the last one ended would be no other piece

interface Piece {
  /** On the timeline. */
  readonly from: number;
  readonly to: number;
  /** In the source, where `from` is. */
  readonly start: number;
}

/**
 * How a person holds themselves while they talk, for as long as it takes: pieces of their own motion (head, shoulders,
 * gaze, brows) in an order of their own, each fading into the next where the head is held alike, and blinks as often, as
 * long and as deep as theirs. The same seed gives the same motion, whichever moment is asked for first.
 */
export class NaturalMotion {
  readonly #track: MotionTrack;
  readonly #habits: BlinkHabits;
  readonly #places: readonly number[];
  readonly #random: SeededRandom;
  readonly #blinks: Generator<number, never, undefined>;
  readonly #pieces: Piece[] = [];
  readonly #moments: number[] = [];
  readonly #spans: readonly { readonly first: number; readonly last: number }[];

  constructor(track: MotionTrack, rig: Pick<Rig, 'neutral' | 'expressionBasis' | 'eyeMask'>, seed: number) {
    this.#track = track;
    this.#habits = learnBlinks(track, rig);
    this.#spans = goodSpans(track);
    this.#places = this.#spans.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, k) => first + k).filter((row) => track.time[last]! - track.time[row]! >= SHORTEST_PIECE));
    this.#random = new SeededRandom(seed);
    this.#blinks = blinkMoments(this.#habits, new SeededRandom(seed ^ 0x9e3779b9));
  }

  /** At any moment from 0 on. */
  at(seconds: number): Control {
    const held = this.#held(Math.max(seconds, 0));
    const shut = this.#shut(Math.max(seconds, 0));
    for (let k = 0; k < EXPRESSIONS; k++) held.expression[k] = held.expression[k]! + shut * this.#habits.closing[k]!;
    return held;
  }

  #held(seconds: number): Control {
    if (this.#places.length === 0) return this.#row(this.#spans[0]?.first ?? 0);
    while ((this.#pieces.at(-1)?.to ?? 0) <= seconds + FADE) this.#pieces.push(this.#next());
    const number = this.#pieces.findIndex(({ to }) => seconds < to);
    const piece = this.#pieces[number]!;
    const now = this.#sample(piece.start + seconds - piece.from);
    const before = this.#pieces[number - 1];
    const share = (seconds - piece.from) / FADE;
    if (!before || share >= 1) return now;
    return blend(this.#sample(before.start + seconds - before.from), now, share * share * (3 - 2 * share));
  }

  #shut(seconds: number): number {
    while ((this.#moments.at(-1) ?? -1) <= seconds) this.#moments.push(this.#blinks.next().value);
    const begun = this.#moments.findLast((moment) => moment <= seconds);
    return begun === undefined ? 0 : shutAt(this.#habits, seconds - begun);
  }

  #next(): Piece {
    const { time } = this.#track;
    const last = this.#pieces.at(-1);
    const from = last?.to ?? 0;
    let row: number;
    if (last) {
      const end = last.start + last.to - last.from;
      const here = rowBefore(time, end);
      const apart = this.#places.filter((place) => Math.abs(time[place]! - end) > SAME_PLACE_SECONDS);
      const ranked = (apart.length > 0 ? apart : [...this.#places]).sort((a, b) => this.#distance(a, here) - this.#distance(b, here));
      row = ranked[Math.floor(this.#random.next() * Math.min(CHOICES, ranked.length))]!;
    } else {
      row = this.#places[Math.floor(this.#random.next() * this.#places.length)]!;
    }
    const span = this.#spans.find(({ first, last: end }) => first <= row && row <= end)!;
    const room = time[span.last]! - time[row]!;
    const wanted = SHORTEST_PIECE + this.#random.next() * (LONGEST_PIECE - SHORTEST_PIECE);
    // What follows fades in over the end of this piece: it has to go on that long.
    return { from, to: from + Math.max(Math.min(wanted, room) - FADE, SHORTEST_PIECE - FADE), start: time[row]! };
  }

  /** Between the heads of two rows: position in cm, rotation as the angle between them. */
  #distance(a: number, b: number): number {
    const { rotation, translation } = this.#track;
    let square = 0;
    for (let k = 0; k < 9; k++) square += (rotation[a * 9 + k]! - rotation[b * 9 + k]!) ** 2 / 2 / RADIANS_PER_CM ** 2;
    for (let k = 0; k < 3; k++) square += (translation[a * 3 + k]! - translation[b * 3 + k]!) ** 2;
    return square;
  }

  #sample(moment: number): Control {
    const { time, frames } = this.#track;
    const row = rowBefore(time, moment);
    const after = Math.min(row + 1, frames - 1);
    const gap = time[after]! - time[row]!;
    return blend(this.#row(row), this.#row(after), gap > 0 ? Math.min(Math.max((moment - time[row]!) / gap, 0), 1) : 0);
  }

  #row(row: number): Control {
    const { gaze, rotation, translation, crop, torso } = this.#track;
    const copy = (values: Float32Array, width: number) => values.slice(row * width, (row + 1) * width);
    return { expression: copy(this.#habits.open, EXPRESSIONS), gaze: copy(gaze, 4), rotation: copy(rotation, 9), translation: copy(translation, 3), crop: copy(crop, 3), torso: copy(torso, 6) };
  }
}

/** Unbroken runs of good rows. */
function goodSpans({ frames, state }: Pick<MotionTrack, 'frames' | 'state'>): { readonly first: number; readonly last: number }[] {
  const spans: { first: number; last: number }[] = [];
  for (let row = 0; row < frames; row++) {
    if (state[row] !== 0) continue;
    const open = spans.at(-1);
    if (open && open.last === row - 1) open.last = row;
    else spans.push({ first: row, last: row });
  }
  return spans;
}

function rowBefore(time: Float64Array, moment: number): number {
  let [below, above] = [0, time.length - 1];
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (time[middle]! <= moment) below = middle;
    else above = middle;
  }
  return time[above]! <= moment ? above : below;
}

function blend(a: Control, b: Control, share: number): Control {
  const mix = (x: Float32Array, y: Float32Array) => x.map((value, k) => value + share * (y[k]! - value));
  return {
    expression: mix(a.expression, b.expression),
    gaze: mix(a.gaze, b.gaze),
    rotation: orthogonal(mix(a.rotation, b.rotation)),
    translation: mix(a.translation, b.translation),
    crop: mix(a.crop, b.crop),
    torso: mix(a.torso, b.torso),
  };
}

/** The rotation nearest to the mean of two near ones: rows made orthogonal, of length one (Gram and Schmidt). */
function orthogonal(m: Float32Array): Float32Array {
  const unit = (v: readonly number[]) => {
    const length = Math.hypot(...v) || 1;
    return v.map((x) => x / length);
  };
  const x = unit([m[0]!, m[1]!, m[2]!]);
  const along = x[0]! * m[3]! + x[1]! * m[4]! + x[2]! * m[5]!;
  const y = unit([m[3]! - along * x[0]!, m[4]! - along * x[1]!, m[5]! - along * x[2]!]);
  return Float32Array.of(...x, ...y, x[1]! * y[2]! - x[2]! * y[1]!, x[2]! * y[0]! - x[0]! * y[2]!, x[0]! * y[1]! - x[1]! * y[0]!);
}
