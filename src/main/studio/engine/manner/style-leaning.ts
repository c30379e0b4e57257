import type { Rig } from '../bundle/index.ts';
import { Speechless } from './speechless.ts';
import type { StyleEntry } from './styles.ts';

/** A limit that is kept moves lips and lids, and undoing that leaves the limit by a little: in turns both are met. */
const ROUNDS = 8;

/** Makes expressions lean towards one of a person's styles, by 0..1 of the way from their usual face. */
export class StyleLeaning {
  readonly #rig: Rig;
  readonly #speechless: Speechless;
  readonly #offset: Float64Array;

  constructor(rig: Rig, { offset }: Pick<StyleEntry, 'offset'>, amount: number) {
    this.#rig = rig;
    this.#speechless = new Speechless(rig);
    this.#offset = Float64Array.from(offset, (value) => amount * value);
  }

  /**
   * An expression [64], which stays as it is, leaned. Lips and lids are as open as they were; no coefficient leaves the
   * person's range by it (but for what undoing costs: at most a tenth of it, measured), and one that is outside already
   * goes no further.
   */
  of(expression: Float32Array): Float32Array {
    const { expressionLow, expressionHigh } = this.#rig;
    let change = this.#offset;
    for (let round = 0; round < ROUNDS; round++) {
      const within = change.map((value, k) => {
        const now = expression[k]!;
        return (
          Math.min(Math.max(now + value, Math.min(expressionLow[k]!, now)), Math.max(expressionHigh[k]!, now)) - now
        );
      });
      if (within.every((value, k) => value === change[k])) break;
      change = this.#speechless.of(within);
    }
    return Float32Array.from(expression, (value, k) => value + change[k]!);
  }
}
