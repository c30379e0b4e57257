import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { LipGap } from './aperture.ts';

/** A part of a sound, seconds from its beginning. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Of the person's own openings: where their lips are shut, and how far they go. */
const [SHUT, OPEN] = [0.03, 0.97];
/** Seconds in which lips come from as far as this person opens them, and go back. */
const WAY = 0.08;
/** Newton's steps: the gap is a distance, which is linear in the expression but for its last tenth of a millimetre. */
const STEPS = 4;

/**
 * Shuts the lips of spoken rows [T,64] where it is known that they meet, and lets them come and go: the opening is
 * limited by a trapezoid about each closure, along the way in which this person's own frames close at the same width.
 * What is less open stays as it is. `least`: seconds that a closure lasts at least, so that a frame shows it.
 */
export class ToldClosures {
  readonly #gap: LipGap;
  readonly #way: Float64Array; // [64] for a cm of opening
  readonly #shut: number;
  readonly #range: number;

  constructor(rig: Pick<Rig, 'neutral' | 'expressionBasis' | 'lleBank'>) {
    this.#gap = new LipGap(rig);
    const rows = rig.lleBank.length / EXPRESSIONS;
    const gaps = Float64Array.from({ length: rows }, (_, row) => this.#gap.at(rig.lleBank, row));
    const sorted = gaps.toSorted();
    const at = (share: number): number => sorted[Math.floor(share * (rows - 1))] ?? 0;
    this.#shut = at(SHUT);
    this.#range = Math.max(at(OPEN) - this.#shut, 1e-6);
    const widths = new LipGap(rig, CORNERS);
    this.#way = wayOf(
      rig.lleBank,
      gaps,
      Float64Array.from({ length: rows }, (_, row) => widths.at(rig.lleBank, row)),
    );
  }

  /** Another array than `spoken`; `rate`: rows a second. */
  of(spoken: Float32Array, rate: number, closures: readonly Span[], least: number): Float32Array {
    const told = spoken.slice();
    const rows = spoken.length / EXPRESSIONS;
    for (const { from, to } of closures) {
      const middle = (from + to) / 2;
      const half = Math.max(to - from, least) / 2;
      const first = Math.max(0, Math.ceil((middle - half - WAY) * rate));
      const last = Math.min(rows - 1, Math.floor((middle + half + WAY) * rate));
      for (let row = first; row <= last; row++) {
        const away = Math.max(0, Math.abs(row / rate - middle) - half) / WAY;
        this.#close(told, row, this.#shut + away * this.#range);
      }
    }
    return told;
  }

  #close(rows: Float32Array, row: number, most: number): void {
    const begin = row * EXPRESSIONS;
    for (let step = 0; step < STEPS; step++) {
      const gap = this.#gap.at(rows, row);
      if (gap <= most + 1e-4) return;
      for (let k = 0; k < EXPRESSIONS; k++) rows[begin + k]! -= (gap - most) * this.#way[k]!;
    }
  }
}

const CORNERS = [61, 291] as const;

/** How a person's rows [n,64] change with a cm of opening while the width [n] stays (least squares): [64]. */
function wayOf(bank: Float32Array, gaps: Float64Array, widths: Float64Array): Float64Array {
  const rows = gaps.length;
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / rows;
  const [gap, width] = [mean(gaps), mean(widths)];
  let [gg, gw, ww] = [1e-9 * rows, 0, 1e-9 * rows];
  const [withGap, withWidth] = [new Float64Array(EXPRESSIONS), new Float64Array(EXPRESSIONS)];
  for (let row = 0; row < rows; row++) {
    const [g, w] = [gaps[row]! - gap, widths[row]! - width];
    gg += g * g;
    gw += g * w;
    ww += w * w;
    for (let k = 0; k < EXPRESSIONS; k++) {
      withGap[k]! += g * bank[row * EXPRESSIONS + k]!;
      withWidth[k]! += w * bank[row * EXPRESSIONS + k]!;
    }
  }
  const determinant = gg * ww - gw * gw;
  return withGap.map((value, k) => (ww * value - gw * withWidth[k]!) / determinant);
}
