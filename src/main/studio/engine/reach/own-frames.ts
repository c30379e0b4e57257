import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { cholesky, product, solve, transposed } from '../numbers/linear.ts';
import { LleProjection } from '../speech/index.ts';
import { Measure, MOUTH_MEASURES } from './measures.ts';
import { pick, quantile } from './regression.ts';

/** As many are looked at for each frame that is drawn: it must not cost two tenths of a millisecond. */
const MOST_EVENLY = 100;
const MOST_SPREAD = 100;
/** As many are chosen from. */
const MOST_CANDIDATES = 1000;
/** Of time, each left out in turn to see how far own frames are from what the others make; looked at in each. */
const PIECES = 6;
const JUDGED = 20;
/** Of those: an expression that is shown once is told by no other frame. */
const NEAR = 0.97;
/** Of the mean movement of a coefficient: one that moves nothing of a part has no say there. */
const RIDGE = 1e-4;
/**
 * A measure that is keyed counts as so many vertices, as many as a mouth's part has: else a smile over a mouth that
 * speaks is nearest to frames that speak, and they bring it back. From 100 to 1000 it makes no difference.
 */
const MEASURED = 300;

/**
 * A person's own frames, as the limits of what their face does: of eyes and brows, and the rest. One is drawn without
 * regard to the other for the most part, so brows that were only raised over lips at rest may be raised over a smile.
 */
export class OwnFrames {
  readonly #parts: readonly PartFrames[];

  /** Of a bank [M,64], and of frames [rows,64]. */
  constructor(rig: Pick<Rig, 'neutral' | 'expressionBasis' | 'eyeMask' | 'lleBank'>, frames: Float64Array) {
    const upper = upperShares(rig.neutral);
    const eyes = Float64Array.from(rig.eyeMask);
    const rest = eyes.map((value, i) => (i % (EXPRESSIONS + 1) === 0 ? 1 : 0) - value);
    const lower = upper.map((share) => 1 - share);
    this.#parts = [
      new PartFrames(rig, frames, movements(rig.expressionBasis, upper), eyes),
      new PartFrames(rig, frames, withMouth(movements(rig.expressionBasis, lower), rig), rest),
    ];
  }

  /**
   * A changed expression [64], no further from what the nearest of the person's own frames make of it than it was
   * before the change, or than own frames are from what others make of them.
   */
  near(changed: Float32Array, before: Float32Array): Float32Array {
    const near = changed.slice();
    for (const part of this.#parts) part.bringNear(near, changed, before);
    return near;
  }
}

/** 1 at the eyes and above, 0 below the nose [468], as the rig's `eyeMask` was made (the trainer's `rig_fit.py`). */
function upperShares(neutral: Float32Array): Float64Array {
  const height = (vertices: readonly number[]): number =>
    vertices.reduce((sum, vertex) => sum + neutral[vertex * 3 + 1]!, 0) / vertices.length;
  const [eyes, lips] = [height(EYES), height(LIPS)];
  return Float64Array.from({ length: VERTICES }, (_, vertex) => {
    const share = (2 * (neutral[vertex * 3 + 1]! - lips)) / (eyes - lips || 1) - 0.8;
    return Math.min(Math.max(share, 0), 1);
  });
}
const EYES = [33, 133, 362, 263];
const LIPS = [61, 291];

/**
 * What a part of the face does in a person's own frames. Frames are compared by how far their vertices lie apart there:
 * coefficients are all about as large, and most move next to nothing.
 */
class PartFrames {
  /** cm of the part's vertices, as far as they tell coefficients apart [64,64]; and the way back. */
  readonly #seen: Float64Array;
  readonly #back: Float64Array;
  readonly #nearest: LleProjection;
  /** How far own frames are from what those of other pieces of time make of them. */
  readonly #apart: number;

  /** `moved` [64,64]: products of what coefficients move; `mask` [64,64] tells the part's change from the others'. */
  constructor({ lleBank }: Pick<Rig, 'lleBank'>, frames: Float64Array, moved: Float64Array, mask: Float64Array) {
    this.#seen = transposed(cholesky(moved, EXPRESSIONS), EXPRESSIONS);
    const inverse = new Float64Array(EXPRESSIONS ** 2);
    for (let k = 0; k < EXPRESSIONS; k++) inverse[k * (EXPRESSIONS + 1)] = 1;
    this.#back = product(mask, solve(this.#seen, EXPRESSIONS, inverse, EXPRESSIONS), EXPRESSIONS);
    const even = this.#of(lleBank, evenRows(lleBank.length / EXPRESSIONS, MOST_EVENLY));
    const candidates = this.#of(frames, evenRows(frames.length / EXPRESSIONS, MOST_CANDIDATES));
    const spread = furthestFrom(even, candidates, MOST_SPREAD);
    const own = new Float32Array(even.length + spread.length);
    own.set(even);
    own.set(spread, even.length);
    this.#nearest = new LleProjection(own);
    this.#apart = apart(candidates);
  }

  bringNear(near: Float32Array, changed: Float32Array, before: Float32Array): void {
    const now = this.#of(changed, [0]);
    const own = this.#nearest.reconstruct(now);
    const distance = distanceOf(own, now);
    if (distance <= this.#apart) return;
    const was = this.#of(before, [0]);
    const most = Math.max(this.#apart, distanceOf(this.#nearest.reconstruct(was), was));
    const share = Math.max(0, 1 - most / distance);
    if (share === 0) return;
    for (let i = 0; i < EXPRESSIONS; i++) {
      let sum = 0;
      for (let k = 0; k < EXPRESSIONS; k++) sum += this.#back[i * EXPRESSIONS + k]! * (own[k]! - now[k]!);
      near[i]! += share * sum;
    }
  }

  /** Rows of expressions [T,64], as this part shows them [rows,64]. */
  #of(expressions: ArrayLike<number>, rows: readonly number[]): Float32Array {
    const found = new Float32Array(rows.length * EXPRESSIONS);
    for (const [n, row] of rows.entries())
      for (let i = 0; i < EXPRESSIONS; i++) {
        let sum = 0;
        // above its diagonal alone
        for (let k = i; k < EXPRESSIONS; k++)
          sum += this.#seen[i * EXPRESSIONS + k]! * expressions[row * EXPRESSIONS + k]!;
        found[n * EXPRESSIONS + i] = sum;
      }
    return found;
  }
}

/** Products [64,64] of what coefficients move, cm², each vertex by its share [468] in a part of the face. */
function movements(basis: Float32Array, shares: Float64Array): Float64Array {
  const width = VERTICES * 3;
  const moved = Float64Array.from(basis, (cm, i) => cm * shares[Math.floor((i % width) / 3)]!);
  const found = new Float64Array(EXPRESSIONS ** 2);
  let trace = 0;
  for (let a = 0; a < EXPRESSIONS; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += moved[a * width + i]! * moved[b * width + i]!;
      found[a * EXPRESSIONS + b] = found[b * EXPRESSIONS + a] = sum;
    }
    trace += found[a * (EXPRESSIONS + 1)]!;
  }
  for (let k = 0; k < EXPRESSIONS; k++) found[k * (EXPRESSIONS + 1)]! += (RIDGE * trace) / EXPRESSIONS + 1e-12;
  return found;
}

/** The same with what lanes of the mouth measure. */
function withMouth(moved: Float64Array, rig: Pick<Rig, 'neutral' | 'expressionBasis'>): Float64Array {
  const slopes = MOUTH_MEASURES.map((name) => new Measure(rig, name).slopes);
  return moved.map((value, i) => {
    const [a, b] = [Math.floor(i / EXPRESSIONS), i % EXPRESSIONS];
    return value + MEASURED * slopes.reduce((sum, slope) => sum + slope[a]! * slope[b]!, 0);
  });
}

function evenRows(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / every) }, (_, n) => n * every);
}

/** Of candidates [n,64] so many as are each the furthest from all that are there already [m,64] (Gonzalez 1985). */
function furthestFrom(known: Float32Array, candidates: Float32Array, most: number): Float32Array {
  const count = candidates.length / EXPRESSIONS;
  const nearest = new Float64Array(count).fill(Infinity);
  const takeIn = (rows: Float32Array, at: number): void => {
    for (let n = 0; n < count; n++) {
      let distance = 0;
      for (let k = 0; k < EXPRESSIONS && distance < nearest[n]!; k++)
        distance += (candidates[n * EXPRESSIONS + k]! - rows[at + k]!) ** 2;
      nearest[n] = Math.min(nearest[n]!, distance);
    }
  };
  for (let at = 0; at < known.length; at += EXPRESSIONS) takeIn(known, at);
  const chosen: number[] = [];
  while (chosen.length < most) {
    let next = 0;
    for (let n = 1; n < count; n++) if (nearest[n]! > nearest[next]!) next = n;
    if (!(nearest[next]! > 0)) break;
    chosen.push(next);
    takeIn(candidates, next * EXPRESSIONS);
  }
  return Float32Array.from(pick(candidates, chosen));
}

function distanceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < EXPRESSIONS; k++) sum += (a[k]! - b[k]!) ** 2;
  return Math.sqrt(sum);
}

/** How far rows in time [n,64] are from what those of other pieces of time make of them, all but a few. */
function apart(rows: Float32Array): number {
  const count = rows.length / EXPRESSIONS;
  const row = (at: number): Float32Array => rows.subarray(at * EXPRESSIONS, (at + 1) * EXPRESSIONS);
  const found: number[] = [];
  for (let piece = 0; piece < PIECES; piece++) {
    const [from, to] = [piece, piece + 1].map((end) => Math.floor((end * count) / PIECES)) as [number, number];
    const others = Array.from({ length: count }, (_, at) => at).filter((at) => at < from || at >= to);
    if (others.length === 0) continue;
    const chosen = evenRows(others.length, MOST_EVENLY + MOST_SPREAD).map((n) => others[n]!);
    const nearest = new LleProjection(Float32Array.from(pick(rows, chosen)));
    for (const n of evenRows(to - from, JUDGED))
      found.push(distanceOf(nearest.reconstruct(row(from + n)), row(from + n)));
  }
  return found.length > 0 ? quantile(Float64Array.from(found), NEAR) : 0;
}
