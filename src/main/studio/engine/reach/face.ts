import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { noFurther } from '../numbers/no-further.ts';
import { type Extent, extentOf } from './extent.ts';
import { FACE_MEASURES, type FaceMeasure, Measure } from './measures.ts';
import { OwnFrames } from './own-frames.ts';
import type { OwnRows } from './own-rows.ts';
import { effects, leftOf, pick } from './regression.ts';

/** A change of less than this is not seen in a picture, cm. */
const SEEN = 0.05;
/**
 * What stays as it is while a lane changes something else. A smile widens the mouth, a jaw that opens narrows it: that
 * is not among them.
 */
const KEPT: Readonly<Record<FaceMeasure, readonly FaceMeasure[]>> = {
  jaw: ['brows', 'frown', 'squint'],
  smile: ['jaw', 'brows', 'frown', 'squint'],
  brows: ['jaw', 'frown', 'squint'],
  frown: ['jaw', 'brows', 'squint'],
  squint: ['jaw', 'brows', 'frown'],
  pucker: ['jaw', 'brows', 'frown', 'squint'],
};

/** How a person does one thing with their face: cm, and 0 below or above where they never did it. */
interface FaceWay extends Extent {
  readonly name: FaceMeasure;
  readonly measure: Measure;
  /** Change of the expression [64] that does it by a centimetre, as this person does. */
  readonly along: Float64Array;
}

/** How much of each is added: -1..1 of this person's range. */
export type FaceShares = { readonly [Name in FaceMeasure]?: number };

/**
 * A person's own face, to be moved along what their frames contain: each direction is what of their expression goes
 * with a measure of it (lips apart, corners up..), all else that is measured alike.
 */
export class OwnFace {
  readonly ways: readonly FaceWay[];
  readonly #rig: Pick<Rig, 'expressionLow' | 'expressionHigh'>;
  readonly #frames: OwnFrames;

  constructor(rig: Rig, { rows, open, held }: OwnRows) {
    this.#rig = rig;
    this.#frames = new OwnFrames(rig.lleBank);
    const targets = pick(open, rows);
    const measures = new Map(FACE_MEASURES.map((name) => [name, new Measure(rig, name)]));
    const signals = new Map(
      FACE_MEASURES.map((name) => [name, Float64Array.from(rows, (row) => measures.get(name)!.at(open, row))]),
    );
    this.ways = FACE_MEASURES.map((name) => {
      const causes = [name, ...KEPT[name]].map((cause) => signals.get(cause)!);
      const { usual, below, above } = extentOf(leftOf(signals.get(name)!, held));
      const far = (extent: number): number => (extent < SEEN ? 0 : extent);
      return {
        name,
        measure: measures.get(name)!,
        along: effects([...causes, ...held], targets, EXPRESSIONS).subarray(0, EXPRESSIONS),
        usual,
        below: far(below),
        above: far(above),
      };
    });
  }

  /** How far an expression [64] does something already, -1..1 of the person's range; 0 where they never did. */
  shareOf(name: FaceMeasure, expression: ArrayLike<number>): number {
    const { measure, usual, below, above } = this.ways.find((way) => way.name === name)!;
    const away = measure.at(expression) - usual;
    const extent = away < 0 ? below : above;
    return extent === 0 ? 0 : Math.min(Math.max(away / extent, -1), 1);
  }

  /**
   * An expression [64], which stays as it is, with so much more of each. No measure and no coefficient leaves the
   * person's range by it, and what is outside already goes no further; nor does it go further from their own frames
   * than it was, or than these are from each other.
   */
  with(expression: Float32Array, shares: FaceShares): Float32Array {
    const change = new Float64Array(EXPRESSIONS);
    let moved = false;
    for (const { name, measure, along, usual, below, above } of this.ways) {
      const share = shares[name];
      if (!share) continue;
      const now = measure.at(expression);
      const wanted = now + share * (share < 0 ? below : above);
      const by = noFurther(wanted, usual - below, usual + above, now) - now;
      if (by === 0) continue;
      moved = true;
      for (let k = 0; k < EXPRESSIONS; k++) change[k]! += by * along[k]!;
    }
    if (!moved) return expression;
    const wanted = expression.map((value, k) => value + change[k]!);
    const { expressionLow, expressionHigh } = this.#rig;
    return this.#frames
      .near(wanted, expression)
      .map((value, k) => noFurther(value, expressionLow[k]!, expressionHigh[k]!, expression[k]!));
  }
}
