import { gaussian } from '../numbers/sampling.ts';
import { accentFrom, type Accents } from '../speech/index.ts';

/**
 * What follows an accent, and what comes before it, is a sum of bells this wide at these distances from it, seconds.
 */
const TAPS = Float64Array.of(-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6);
const WIDTH = 0.12;
/**
 * Slower movement than this is posture, not accent: it is taken off movement and bells alike (a Gaussian of so many
 * seconds).
 */
export const SLOW = 0.7;
const REACH = 3.2; // seconds; further from its accent a bell has vanished
const STEPS_A_SECOND = 200;

/** Movement that one accent of prominence 1 brings, as a table over the time from the accent. */
export class Response {
  readonly #table: Float64Array;

  /** One weight for each tap. */
  constructor(weights: Float64Array) {
    this.#table = Float64Array.from({ length: 2 * REACH * STEPS_A_SECOND + 1 }, (_, k) => {
      const since = k / STEPS_A_SECOND - REACH;
      return weights.reduce((sum, weight, tap) => sum + weight * bell(since - TAPS[tap]!), 0);
    });
  }

  /** What all accents bring at a moment. */
  at(accents: Accents, seconds: number): number {
    let sum = 0;
    for (
      let k = accentFrom(accents, seconds - REACH);
      k * 2 < accents.length && accents[k * 2]! <= seconds + REACH;
      k++
    ) {
      sum += accents[k * 2 + 1]! * this.#since(seconds - accents[k * 2]!);
    }
    return sum;
  }

  /** Seconds from the accent to the largest movement. */
  get lag(): number {
    let best = 0;
    this.#table.forEach((value, k) => (best = Math.abs(value) > Math.abs(this.#table[best]!) ? k : best));
    return best / STEPS_A_SECOND - REACH;
  }

  #since(seconds: number): number {
    const place = (seconds + REACH) * STEPS_A_SECOND;
    const below = Math.min(Math.max(Math.floor(place), 0), this.#table.length - 2);
    return this.#table[below]! + (place - below) * (this.#table[below + 1]! - this.#table[below]!);
  }
}

/** What each tap alone would bring at even moments: [n,7]. */
export function bells(accents: Accents, rate: number, moments: number): Float64Array[] {
  const singles = Array.from(TAPS, (_, tap) => new Response(Float64Array.from(TAPS, (_tap, k) => Number(k === tap))));
  return singles.map((single) => Float64Array.from({ length: moments }, (_, k) => single.at(accents, k / rate)));
}

/** Takes posture off an evenly sampled signal. */
export function withoutPosture(signal: Float64Array, rate: number): Float64Array {
  const posture = gaussian(signal, SLOW * rate, 3);
  return signal.map((value, k) => value - posture[k]!);
}

/** A bell less its own slow part: what `withoutPosture` leaves of it. */
function bell(since: number): number {
  const wide = Math.hypot(WIDTH, SLOW);
  return Math.exp(-0.5 * (since / WIDTH) ** 2) - (WIDTH / wide) * Math.exp(-0.5 * (since / wide) ** 2);
}
