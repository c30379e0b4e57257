import type { SeededRandom } from '../numbers/random.ts';
import type { BlinkHabits } from './blinks.ts';

const SHORTEST_INTERVAL = 0.4; // seconds
/** Intervals that are drawn where the sound has a say in which one it is. */
const DRAWS = 4;

/** Which of two moments a blink, or a shift of the gaze, rather begins at. */
export interface Taste {
  /** How often it is asked at all, 0..1. */
  readonly share: number;
  readonly of: (seconds: number) => number;
}

/**
 * When a person blinks: an endless sequence of moments, seconds, the same for the same random numbers (and the same
 * taste).
 */
export function* blinkMoments(
  { perSecond, spread, seconds }: Pick<BlinkHabits, 'perSecond' | 'spread' | 'seconds'>,
  random: SeededRandom,
  taste?: Taste,
): Generator<number, never, undefined> {
  const least = Math.max(SHORTEST_INTERVAL, 1.2 * seconds); // open between two: eyes never stay shut
  // the mean interval is then 1 / perSecond
  const log = Math.log(Math.max(1 / perSecond - least, 0.1)) - spread ** 2 / 2;
  const interval = (): number => least + Math.exp(log + spread * random.normal());
  let at = random.next() / perSecond;
  for (;;) {
    yield at;
    at += taste && random.next() < taste.share ? preferred(at, interval, taste) : interval();
  }
}

/**
 * Of several intervals that are as likely, the one whose end is liked best: whether it is long or short does not count.
 */
function preferred(at: number, interval: () => number, { of }: Taste): number {
  let best = interval();
  for (let draw = 1; draw < DRAWS; draw++) {
    const other = interval();
    if (of(at + other) > of(at + best)) best = other;
  }
  return best;
}

/** The moments of a person's blinks, as far as they have been asked for. */
export class BlinkMoments {
  readonly #endless: Generator<number, never, undefined>;
  readonly #known: number[] = [];

  constructor(habits: BlinkHabits, random: SeededRandom, taste?: Taste) {
    this.#endless = blinkMoments(habits, random, taste);
  }

  /** The last blink that has begun at a moment. */
  lastBefore(seconds: number): number | undefined {
    return this.#known[this.#begunAt(seconds) - 1];
  }

  /** The first blink that begins after a moment. */
  firstAfter(seconds: number): number {
    return this.#known[this.#begunAt(seconds)]!;
  }

  /** How many have begun; the next is known too. */
  #begunAt(seconds: number): number {
    while ((this.#known.at(-1) ?? -1) <= seconds) this.#known.push(this.#endless.next().value);
    let [low, high] = [0, this.#known.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#known[middle]! <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
