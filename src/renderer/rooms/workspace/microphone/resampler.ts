/** Zero crossings of the kernel on each side: 1 ms at 16 kHz. */
const CROSSINGS = 16;
/** Of half the lower rate, what passes whole. */
const PASSES = 0.94;

/**
 * Sound at one rate becomes sound at another, piece by piece: a windowed sinc (Hann), whose pieces are those of the
 * whole. A sample is known once the kernel's half is there that lies after it.
 */
export class Resampler {
  readonly #from: number;
  readonly #to: number;
  readonly #cutoff: number; // cycles a source sample, twice
  readonly #reach: number; // source samples on each side
  /** By where a sample of ours lies between two of the source, in `to`ths: weights of `2 reach` of them. */
  readonly #kernels = new Map<number, Float32Array>();
  #held: Float32Array;
  /** Of the next of ours, in `#held`: so many samples, and so many `to`ths of one. */
  #at: number;
  #part = 0;

  /** Rates in Hz, whole numbers. */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
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
    const out: number[] = [];
    while (this.#at + this.#reach < held.length) {
      out.push(this.#sample(held));
      const next = this.#part + this.#from;
      this.#at += Math.floor(next / this.#to);
      this.#part = next % this.#to;
    }
    const done = this.#at - this.#reach + 1;
    this.#held = held.slice(done);
    this.#at -= done;
    return Float32Array.from(out);
  }

  #sample(held: Float32Array): number {
    const kernel = this.#kernelOf(this.#part);
    const first = this.#at - this.#reach + 1;
    let sum = 0;
    for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * held[first + k]!;
    return sum;
  }

  #kernelOf(part: number): Float32Array {
    const known = this.#kernels.get(part);
    if (known) return known;
    const kernel = Float32Array.from({ length: 2 * this.#reach }, (_, k) => {
      const x = k + 1 - this.#reach - part / this.#to;
      const phase = Math.PI * this.#cutoff * x;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / this.#reach);
      return this.#cutoff * window * (phase === 0 ? 1 : Math.sin(phase) / phase);
    });
    this.#kernels.set(part, kernel);
    return kernel;
  }
}
