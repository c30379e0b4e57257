import { type Keyframe, type Lanes, placeOf, valueAt } from '../../../shared/domain/lanes/index.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import { type BlinkHabits, BlinkMoments, SeededRandom, shutAt } from '../engine/index.ts';

/** Seconds between moments at which a rate is looked at. */
const STEP = 0.05;

/** What lids do at a moment. */
export interface Lids {
  /** Change of the expression [64] from open eyes. */
  readonly change: Float32Array;
  /** 0 open .. 1 shut. */
  readonly shut: number;
}

/** Blinks of a take in which they are keyed: as this person blinks, but when and how far it is said. */
export class KeyedBlinks {
  readonly #habits: BlinkHabits;
  readonly #once: readonly Keyframe[];
  readonly #amount: readonly Keyframe[];
  readonly #own: RatedBlinks | undefined;
  readonly #power: number;

  constructor(habits: BlinkHabits, lanes: Lanes, seed: number) {
    this.#habits = habits;
    this.#once = lanes['blink.once']?.keys ?? [];
    this.#amount = lanes['blink.amount']?.keys ?? [];
    const rate = lanes['blink.rate']?.keys;
    this.#own = rate && new RatedBlinks(habits, rate, seed);
    this.#power = habits.closing.reduce((sum, value) => sum + value * value, 0);
  }

  /** At a moment of a motion in which lids change the expression by `own` [64] themselves. */
  at(seconds: number, own: Float32Array): Lids {
    const { closing } = this.#habits;
    const amount = valueAt(this.#amount, seconds) ?? 1;
    const rated = this.#own?.shut(seconds);
    const before = amount * (rated ?? this.#shutBy(own));
    const more = this.#shutOnce(seconds) * (1 - before);
    const change = Float32Array.from(
      { length: EXPRESSIONS },
      (_, k) => (rated === undefined ? amount * own[k]! : before * closing[k]!) + more * closing[k]!,
    );
    return { change, shut: before + more };
  }

  #shutBy(own: Float32Array): number {
    if (this.#power === 0) return 0;
    const along = own.reduce((sum, value, k) => sum + value * this.#habits.closing[k]!, 0) / this.#power;
    return Math.min(Math.max(along, 0), 1);
  }

  /** By the blinks that are keyed one by one: one may begin before another is over. */
  #shutOnce(seconds: number): number {
    const place = placeOf(this.#once, seconds);
    return this.#once
      .slice(Math.max(0, place - 1), place + 1)
      .reduce((most, { at, value }) => Math.max(most, value * shutAt(this.#habits, seconds - at)), 0);
  }
}

/** Blinks as often as a lane says: the person's own intervals, in a time that goes as fast as they blink. */
class RatedBlinks {
  readonly #habits: BlinkHabits;
  readonly #rate: readonly Keyframe[];
  readonly #moments: BlinkMoments;
  /** How much of that time has passed at each step. */
  readonly #passed: number[] = [0];

  constructor(habits: BlinkHabits, rate: readonly Keyframe[], seed: number) {
    this.#habits = habits;
    this.#rate = rate;
    const fastest = Math.max(1, ...rate.map(({ value }) => value / 60 / habits.perSecond));
    // as often as it may come to, one is over before the next begins
    this.#moments = new BlinkMoments({ ...habits, seconds: habits.seconds * fastest }, new SeededRandom(seed));
  }

  /** 0..1 at a moment. */
  shut(seconds: number): number {
    const begun = this.#moments.lastBefore(this.#passedAt(seconds));
    return begun === undefined ? 0 : shutAt(this.#habits, seconds - this.#momentOf(begun));
  }

  #passedAt(seconds: number): number {
    const step = Math.floor(Math.max(seconds, 0) / STEP);
    while (this.#passed.length <= step + 1) {
      const at = (this.#passed.length - 1) * STEP;
      const faster = valueAt(this.#rate, at)! / 60 / this.#habits.perSecond;
      this.#passed.push(this.#passed.at(-1)! + faster * STEP);
    }
    const below = this.#passed[step]!;
    return below + (Math.max(seconds, 0) / STEP - step) * (this.#passed[step + 1]! - below);
  }

  /** When so much had passed: at the latest the last moment that was asked for. */
  #momentOf(passed: number): number {
    let [low, high] = [0, this.#passed.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#passed[middle]! < passed) low = middle + 1;
      else high = middle;
    }
    const above = this.#passed[low]!;
    const below = this.#passed[low - 1] ?? 0;
    return low === 0 ? 0 : (low - 1 + (passed - below) / (above - below)) * STEP;
  }
}
