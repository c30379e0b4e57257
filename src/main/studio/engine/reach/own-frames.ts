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
  /** How far a frame usually is from what the others make of it. */
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
   * From an expression [64] to one that is as near to the person's own frames as these are to each other: the way to
   * what the nearest of them make of it, as far as that; 0 of one that is near.
   */
  wayBack(expression: Float32Array): Float32Array {
    const own = this.#nearest.reconstruct(expression);
    let distance = 0;
    for (let k = 0; k < EXPRESSIONS; k++) distance += (own[k]! - expression[k]!) ** 2;
    const share = Math.max(0, 1 - this.#apart / Math.max(Math.sqrt(distance), 1e-9));
    return expression.map((value, k) => share * (own[k]! - value));
  }
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
