import { EXPRESSIONS } from '../../../../shared/face/index.ts';

/** As the trainer's `bundle/drive.py`: both must answer the same. */
const NEIGHBOURS = 10;
const RIDGE = 1e-2; // of the neighbours' mean squared distance
const BLEND = 0.2;
/** How many coefficients of a row are looked at before the distance so far is judged; a divisor of their number. */
const STRIDE = 16;

/**
 * Pulls a predicted expression a fifth of the way to its locally linear reconstruction from the person's own frames
 * (Roweis and Saul 2000; GeneFace++ section 3.2): weights of the 10 nearest rows of the bank sum to 1, and a ridge on
 * their Gram matrix keeps them small.
 */
export class LleProjection {
  readonly #bank: Float32Array; // [M,64]
  readonly #rows: number;
  readonly #count: number;
  readonly #nearest: Int32Array;
  readonly #distances: Float64Array;
  readonly #offsets: Float64Array; // [count,64]
  readonly #gram: Float64Array; // [count,count]
  readonly #weights: Float64Array;

  constructor(bank: Float32Array) {
    this.#bank = bank;
    this.#rows = bank.length / EXPRESSIONS;
    this.#count = Math.min(NEIGHBOURS, this.#rows);
    this.#nearest = new Int32Array(this.#count);
    this.#distances = new Float64Array(this.#count);
    this.#offsets = new Float64Array(this.#count * EXPRESSIONS);
    this.#gram = new Float64Array(this.#count * this.#count);
    this.#weights = new Float64Array(this.#count);
  }

  /** Replaces `expression` [64] by its blend. */
  project(expression: Float32Array): void {
    const own = this.reconstruct(expression);
    for (let k = 0; k < EXPRESSIONS; k++) expression[k] = (1 - BLEND) * expression[k]! + BLEND * own[k]!;
  }

  /** What the nearest of the person's own frames make of an expression [64]; itself where there are none. */
  reconstruct(expression: Float32Array): Float64Array {
    const own = Float64Array.from(expression);
    if (this.#count === 0) return own;
    this.#findNearest(expression);
    this.#solveWeights(expression);
    let sum = 0;
    for (const weight of this.#weights) sum += weight;
    for (let n = 0; n < this.#count; n++) this.#weights[n] = this.#weights[n]! / sum;
    for (let k = 0; k < EXPRESSIONS; k++) {
      let projected = 0;
      for (let n = 0; n < this.#count; n++)
        projected += this.#weights[n]! * this.#bank[this.#nearest[n]! * EXPRESSIONS + k]!;
      own[k] = projected;
    }
    return own;
  }

  #findNearest(expression: Float32Array): void {
    const bank = this.#bank;
    const distances = this.#distances.fill(Infinity);
    const last = this.#count - 1;
    for (let row = 0, at = 0; row < this.#rows; row++, at += EXPRESSIONS) {
      let distance = 0;
      // A row that is already further away than the last of the nearest need not be looked at to its end.
      for (let k = 0; k < EXPRESSIONS && !(distance >= distances[last]!); k += STRIDE) {
        for (let j = k; j < k + STRIDE; j++) {
          const difference = bank[at + j]! - expression[j]!;
          distance += difference * difference;
        }
      }
      // Insertion into the sorted list of the nearest so far.
      let place = this.#count;
      while (place > 0 && distance < distances[place - 1]!) place--;
      if (place === this.#count) continue;
      distances.copyWithin(place + 1, place, last);
      this.#nearest.copyWithin(place + 1, place, last);
      distances[place] = distance;
      this.#nearest[place] = row;
    }
  }

  /** Solves (G + ridge) w = 1 by Cholesky; G is the Gram matrix of the neighbours' offsets. */
  #solveWeights(expression: Float32Array): void {
    const n = this.#count;
    const gram = this.#gram;
    const offsets = this.#offsets;
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < EXPRESSIONS; k++)
        offsets[i * EXPRESSIONS + k] = this.#bank[this.#nearest[i]! * EXPRESSIONS + k]! - expression[k]!;
    }
    let trace = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let k = 0; k < EXPRESSIONS; k++) dot += offsets[i * EXPRESSIONS + k]! * offsets[j * EXPRESSIONS + k]!;
        gram[i * n + j] = dot;
      }
      trace += gram[i * n + i]!;
    }
    for (let i = 0; i < n; i++) gram[i * n + i] = gram[i * n + i]! + (RIDGE * trace) / n + 1e-9;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let value = gram[i * n + j]!;
        for (let k = 0; k < j; k++) value -= gram[i * n + k]! * gram[j * n + k]!;
        gram[i * n + j] = i === j ? Math.sqrt(value) : value / gram[j * n + j]!;
      }
    }
    const weights = this.#weights;
    for (let i = 0; i < n; i++) {
      let value = 1;
      for (let k = 0; k < i; k++) value -= gram[i * n + k]! * weights[k]!;
      weights[i] = value / gram[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let value = weights[i]!;
      for (let k = i + 1; k < n; k++) value -= gram[k * n + i]! * weights[k]!;
      weights[i] = value / gram[i * n + i]!;
    }
  }
}
