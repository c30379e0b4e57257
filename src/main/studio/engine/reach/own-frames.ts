import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { LleProjection } from '../speech/index.ts';
import { pick, quantile } from './regression.ts';

/** As many are looked at for each frame that is drawn, evenly: it must not cost a tenth of a millisecond. */
const MOST_ROWS = 200;
/** Of the bank, that distances between frames are judged by. */
const JUDGED = 60;

/** A person's own frames, as the limits of what their face does. */
export class OwnFrames {
  readonly #nearest: LleProjection;
  /** How far a frame usually is from the next one. */
  readonly #apart: number;

  /** Of a bank [M,64]. */
  constructor(bank: Float32Array) {
    const count = bank.length / EXPRESSIONS;
    const every = Math.ceil(count / MOST_ROWS);
    const rows = Array.from({ length: Math.ceil(count / every) }, (_, n) => n * every);
    const some = Float32Array.from(pick(bank, rows));
    this.#nearest = new LleProjection(some);
    this.#apart = apart(some);
  }

  /**
   * A changed expression [64], no further from what the nearest of the person's own frames make of it than it was
   * before the change, or than own frames are from each other.
   */
  near(changed: Float32Array, before: Float32Array): Float32Array {
    const own = this.#nearest.reconstruct(changed);
    const distance = distanceOf(own, changed);
    if (distance <= this.#apart) return changed;
    const most = Math.max(this.#apart, distanceOf(this.#nearest.reconstruct(before), before));
    const back = Math.max(0, 1 - most / distance);
    return changed.map((value, k) => value + back * (own[k]! - value));
  }
}

function distanceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < EXPRESSIONS; k++) sum += (a[k]! - b[k]!) ** 2;
  return Math.sqrt(sum);
}

/** Median distance of some rows of a bank [M,64] to the nearest other one; without any other, 0. */
function apart(bank: Float32Array): number {
  const count = bank.length / EXPRESSIONS;
  const every = Math.max(1, Math.floor(count / JUDGED));
  const found: number[] = [];
  for (let row = 0; row < count; row += every) {
    let least = Infinity;
    for (let other = 0; other < count; other++) {
      if (other === row) continue;
      let distance = 0;
      for (let k = 0; k < EXPRESSIONS && distance < least; k++)
        distance += (bank[row * EXPRESSIONS + k]! - bank[other * EXPRESSIONS + k]!) ** 2;
      least = Math.min(least, distance);
    }
    if (least < Infinity) found.push(Math.sqrt(least));
  }
  return found.length > 0 ? quantile(Float64Array.from(found), 0.5) : 0;
}
