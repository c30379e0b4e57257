import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { closures } from './aperture.ts';
import { restingExpression } from './rest.ts';

/**
 * How far the mouth goes for the same speech, as a share of what was predicted: spoken expressions are scaled about the
 * person's shut mouth and kept within their range. Where the mouth closes nothing is changed, so that a closure stays
 * one, whatever the strength; above it the scale fades in as `closures`, squared, fades out: so a mouth that is more
 * open than another stays so for every strength of .5 or more.
 */
export class MouthScaling {
  readonly #rig: Rig;
  readonly #strengthOf: (row: number) => number;
  readonly #rest: Float32Array;

  /** The same strength all through, or one for each row. */
  constructor(rig: Rig, strength: number | ((row: number) => number)) {
    this.#rig = rig;
    this.#strengthOf = typeof strength === 'number' ? () => strength : strength;
    this.#rest = restingExpression(rig);
  }

  /** The spoken rows [T,64], which stay as they are, at their strength; the same array when it is 1 everywhere. */
  of(spoken: Float32Array): Float32Array {
    const strengths = Float64Array.from({ length: spoken.length / EXPRESSIONS }, (_, row) => this.#strengthOf(row));
    if (strengths.every((strength) => strength === 1)) return spoken;
    const { expressionLow, expressionHigh } = this.#rig;
    const keep = closures(this.#rig, spoken);
    const scaled = new Float32Array(spoken.length);
    for (let i = 0; i < spoken.length; i++) {
      const k = i % EXPRESSIONS;
      const row = (i - k) / EXPRESSIONS;
      const kept = keep[row]!;
      const further = (strengths[row]! - 1) * (1 - kept * kept) * (spoken[i]! - this.#rest[k]!);
      scaled[i] =
        kept === 1 ? spoken[i]! : Math.min(Math.max(spoken[i]! + further, expressionLow[k]!), expressionHigh[k]!);
    }
    return scaled;
  }
}
