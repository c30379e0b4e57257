import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { noFurther } from '../numbers/no-further.ts';
import { Speechless } from './speechless.ts';
import type { StyleEntry } from './styles.ts';

/** A limit that is kept moves lips and lids, and undoing that leaves the limit by a little: in turns both are met. */
const ROUNDS = 8;

/** Makes expressions lean towards a person's styles, by 0..1 of the way to each from their usual face. */
export class StyleLeaning {
  readonly #rig: Rig;
  readonly #speechless: Speechless;
  readonly #styles: readonly Pick<StyleEntry, 'offset'>[];

  constructor(rig: Rig, styles: readonly Pick<StyleEntry, 'offset'>[]) {
    this.#rig = rig;
    this.#speechless = new Speechless(rig);
    this.#styles = styles;
  }

  /**
   * An expression [64], which stays as it is, leaned by an amount of each style. Lips and lids are as open as they
   * were; no coefficient leaves the person's range by it (but for what undoing costs: at most a tenth of it, measured),
   * and one that is outside already goes no further.
   */
  of(expression: Float32Array, amounts: readonly number[]): Float32Array {
    const { expressionLow, expressionHigh } = this.#rig;
    let change: Float64Array = new Float64Array(EXPRESSIONS);
    for (const [n, { offset }] of this.#styles.entries())
      for (let k = 0; k < EXPRESSIONS; k++) change[k]! += amounts[n]! * offset[k]!;
    for (let round = 0; round < ROUNDS; round++) {
      const within = change.map((value, k) => {
        const now = expression[k]!;
        return noFurther(now + value, expressionLow[k]!, expressionHigh[k]!, now) - now;
      });
      if (within.every((value, k) => value === change[k])) break;
      change = this.#speechless.of(within);
    }
    return Float32Array.from(expression, (value, k) => value + change[k]!);
  }
}
