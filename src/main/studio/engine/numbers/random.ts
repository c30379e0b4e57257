const STEP = 0x6d2b79f5;

/** Numbers that look random and are the same for the same seed, on every machine. */
export class SeededRandom {
  #state: number;

  /** `taken`: as many numbers of the seed have been taken before. */
  constructor(seed: number, taken = 0) {
    this.#state = (seed + Math.imul(taken, STEP)) >>> 0;
  }

  /** 0 <= x < 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + STEP) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Normally distributed (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}
