/** Zero crossings of the kernel on each side: 1 ms at 16 kHz. */
const CROSSINGS = 16;
/** Of half the lower rate, what passes whole. */
const PASSES = 0.94;

/**
 * Sound at one rate becomes sound at another, piece by piece: a windowed sinc (Hann), whose pieces are those of the
 * whole. It is later by 1 ms at the lower rate's 16 kHz.
 */
export class Resampler {
  readonly #step: number; // source samples for each of ours
  readonly #reach: number; // source samples on each side
  readonly #cutoff: number; // cycles a source sample, twice
  #held: Float32Array;
  /** Of the next of ours, in `#held`. */
  #at: number;

  constructor(from: number, to: number) {
    this.#step = from / to;
    this.#cutoff = PASSES * Math.min(1, to / from);
    this.#reach = Math.ceil(CROSSINGS / this.#cutoff);
    this.#held = new Float32Array(this.#reach); // silence before the first
    this.#at = this.#reach;
  }

  /** What is known now. */
  push(samples: Float32Array): Float32Array {
    const held = new Float32Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    const count = Math.max(0, Math.ceil((held.length - this.#reach - this.#at) / this.#step));
    const out = Float32Array.from({ length: count }, (_, k) => this.#sample(held, this.#at + k * this.#step));
    this.#at += count * this.#step;
    const done = Math.max(0, Math.floor(this.#at) - this.#reach);
    this.#held = held.slice(done);
    this.#at -= done;
    return out;
  }

  #sample(held: Float32Array, at: number): number {
    const [first, last] = [Math.ceil(at - this.#reach), Math.floor(at + this.#reach)];
    let sum = 0;
    for (let k = Math.max(first, 0); k <= Math.min(last, held.length - 1); k++) {
      const x = k - at;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / this.#reach);
      const phase = Math.PI * this.#cutoff * x;
      sum += held[k]! * window * this.#cutoff * (phase === 0 ? 1 : Math.sin(phase) / phase);
    }
    return sum;
  }
}
