import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { noFurther } from '../numbers/no-further.ts';
import { restingExpression } from '../speech/index.ts';
import { type Extent, heldExtentOf } from './extent.ts';
import { FACE_MEASURES, type FaceMeasure, Measure, MOUTH_MEASURES } from './measures.ts';
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
  /** Change of the expression [64] that does it by a centimetre, as this person does below what is usual and above. */
  readonly along: { readonly below: Float64Array; readonly above: Float64Array };
  /** What a whole share changes at most, cm: a face that is as usual, or that is calm, comes to the end by it. */
  readonly room: { readonly below: number; readonly above: number };
}

/** How much of each is added: -1..1 of this person's range. */
export type FaceShares = { readonly [Name in FaceMeasure]?: number };

/**
 * A person's own face, to be moved along what their frames contain: each direction is what of their expression goes
 * with a measure of it (lips apart, corners up..), all else that is measured alike.
 */
export class OwnFace {
  readonly ways: readonly FaceWay[];
  readonly #frames: OwnFrames;

  constructor(rig: Rig, { track, rows, open, held }: OwnRows) {
    const targets = pick(open, rows);
    const times = Float64Array.from(rows, (row) => track.time[row]!);
    this.#frames = new OwnFrames(rig, targets);
    const calm = restingExpression(rig);
    const measures = new Map(FACE_MEASURES.map((name) => [name, new Measure(rig, name)]));
    const signals = new Map(
      FACE_MEASURES.map((name) => [name, Float64Array.from(rows, (row) => measures.get(name)!.at(open, row))]),
    );
    this.ways = FACE_MEASURES.map((name) => {
      const measure = measures.get(name)!;
      const signal = signals.get(name)!;
      const { usual, below, above } = heldExtentOf(leftOf(signal, held), times);
      const sides = [signal.map((cm) => Math.min(cm - usual, 0)), signal.map((cm) => Math.max(cm - usual, 0))];
      const kept = KEPT[name].map((cause) => signals.get(cause)!);
      const change = effects([...sides, ...kept, ...held], targets, EXPRESSIONS);
      const along = (side: number): Float64Array => {
        const all = change.subarray(side * EXPRESSIONS, (side + 1) * EXPRESSIONS);
        return MOUTH_MEASURES.includes(name) ? all : ofEyes(rig, measure, all);
      };
      const far = (extent: number): number => (extent < SEEN ? 0 : extent);
      const [down, up] = [far(below), far(above)];
      // what is usual of a mouth is of one that speaks; a calm one is elsewhere, and has further to go
      const off = MOUTH_MEASURES.includes(name) ? Math.min(Math.max(measure.at(calm) - usual, -down), up) : 0;
      return {
        name,
        measure,
        along: { below: along(0), above: along(1) },
        usual,
        below: down,
        above: up,
        room: { below: down && Math.max(down, down + off), above: up && Math.max(up, up - off) },
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
   * An expression [64], which stays as it is, with so much more of each. No measure leaves their range by it, and
   * what is outside already goes no further; nor is it further from their own frames than it was, or than these are
   * from what others make of them.
   */
  with(expression: Float32Array, shares: FaceShares): Float32Array {
    const change = new Float64Array(EXPRESSIONS);
    let moved = false;
    for (const { name, measure, along, usual, below, above, room } of this.ways) {
      const share = shares[name];
      if (!share) continue;
      const now = measure.at(expression);
      const wanted = now + share * (share < 0 ? room.below : room.above);
      const to = noFurther(wanted, usual - below, usual + above, now);
      if (to === now) continue;
      moved = true;
      const low = Math.min(to, usual) - Math.min(now, usual);
      const high = Math.max(to, usual) - Math.max(now, usual);
      for (let k = 0; k < EXPRESSIONS; k++) change[k]! += low * along.below[k]! + high * along.above[k]!;
    }
    if (!moved) return expression;
    const wanted = expression.map((value, k) => value + change[k]!);
    return this.#frames.near(wanted, expression);
  }
}

/** What of a change [64] is eyes' and brows', as much as does the same of a measure: these move no mouth. */
function ofEyes({ eyeMask }: Pick<Rig, 'eyeMask'>, { slopes }: Measure, change: Float64Array): Float64Array {
  const own = change.map((_, i) => change.reduce((sum, value, k) => sum + eyeMask[i * EXPRESSIONS + k]! * value, 0));
  const [all, left] = [change, own].map((some) => some.reduce((sum, value, k) => sum + slopes[k]! * value, 0)) as [
    number,
    number,
  ];
  return left > all / 2 ? own.map((value) => (value * all) / left) : change;
}
