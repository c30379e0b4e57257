import { setImmediate as turn } from 'node:timers/promises';
import { FEATURES, ROW_RATE } from './listen.ts';

/** Rows [n,96] of words that are said one after the other, and whose each is, by the words' numbers from 0 up. */
export interface Said {
  readonly features: Float32Array;
  readonly owners: Int32Array;
}
/** Rows [n,96] of a recording, and what it costs to take each for none of the words. */
export interface Recorded {
  readonly features: Float32Array;
  readonly gapCosts: Float32Array;
}
/** Where the words lie in a recording: of each of its rows the row of what is said, -1 between words. */
export type Path = Int32Array;

/** How much of a long text is looked at, in rows: memory and time go with that. */
export interface Reach {
  /** A text of so many is looked for as a whole. */
  readonly whole: number;
  /** Of a longer one, those from so many behind the likeliest to so many before it. */
  readonly behind: number;
  readonly ahead: number;
  /** Of the recording: what lies so far back is settled. */
  readonly settled: number;
}
const REACH: Reach = { whole: 120 * ROW_RATE, behind: 20 * ROW_RATE, ahead: 40 * ROW_RATE, settled: 60 * ROW_RATE };
/** What it costs to say two rows in one: a word at twice the pace is less likely than one at its own. */
const HASTE = 0.05;
const ROWS_A_TURN = 20;
const [STAYS, HASTENS, FROM_GAP] = [0, 2, 3]; // 1: the next row

/** How a row of the recording was come to: for rows of words from `first` on, and for gaps before words likewise. */
interface Step {
  readonly first: number;
  readonly rows: Uint8Array;
  readonly firstGap: number;
  readonly gaps: Uint8Array;
}

/**
 * The likeliest way of a recording through words, by dynamic programming (Vintsyuk 1968; Sakoe and Chiba 1978): each
 * of its rows is one of theirs, at half to any length of it, or lies between two words, before the first or behind the
 * last. Undefined where the recording is too short for the words. Rejects with the signal's reason.
 */
export async function likeliestPath(
  recorded: Recorded,
  said: Said,
  signal: AbortSignal,
  { onProgress, reach = REACH }: { readonly onProgress?: (share: number) => void; readonly reach?: Reach } = {},
): Promise<Path | undefined> {
  const lattice = new Lattice(recorded, said, reach);
  for (let row = 0; row < recorded.gapCosts.length; row++) {
    if (row % ROWS_A_TURN === 0) {
      signal.throwIfAborted();
      onProgress?.(row / recorded.gapCosts.length);
      await turn();
    }
    lattice.step(row);
  }
  return lattice.finish();
}

class Lattice {
  readonly #reach: Reach;
  readonly #recorded: Recorded;
  readonly #said: Said;
  /** Of each word its first row; behind them the number of rows. */
  readonly #begins: number[];
  readonly #path: Int32Array;
  readonly #steps: Step[] = [];
  /** Row of the recording that the first of the steps is of. */
  #settled = 0;
  /** Cost of the cheapest way to each row, and to the gap before each word and behind the last. */
  #rows: Float64Array;
  #nextRows: Float64Array;
  #gaps: Float64Array;
  #nextGaps: Float64Array;
  /** The likeliest row, or the one behind the likeliest gap. */
  #likeliest = 0;

  constructor(recorded: Recorded, said: Said, reach: Reach) {
    this.#reach = reach;
    this.#recorded = recorded;
    this.#said = said;
    const { owners } = said;
    this.#begins = [];
    for (const [row, owner] of owners.entries()) if (owner !== owners[row - 1]) this.#begins.push(row);
    this.#begins.push(owners.length);
    this.#path = new Int32Array(recorded.gapCosts.length).fill(-1);
    [this.#rows, this.#nextRows] = [unreached(owners.length), unreached(owners.length)];
    [this.#gaps, this.#nextGaps] = [unreached(this.#begins.length), unreached(this.#begins.length)];
  }

  step(time: number): void {
    const { owners, features } = this.#said;
    const heard = this.#recorded.features.subarray(time * FEATURES, (time + 1) * FEATURES);
    const all = owners.length <= this.#reach.whole;
    const first = all ? 0 : Math.max(0, this.#likeliest - this.#reach.behind);
    const behind = all ? owners.length : Math.min(owners.length, this.#likeliest + this.#reach.ahead);
    const firstGap = owners[first]!;
    const lastGap = behind === owners.length ? this.#begins.length - 1 : owners[behind]!;
    const step = {
      first,
      rows: new Uint8Array(behind - first),
      firstGap,
      gaps: new Uint8Array(lastGap - firstGap + 1),
    };
    const [rows, gaps] = [this.#rows, this.#gaps];
    const [nextRows, nextGaps] = [this.#nextRows, this.#nextGaps];
    const before = this.#steps.at(-2); // whose costs lie in these still
    if (before) {
      nextRows.fill(Infinity, before.first, before.first + before.rows.length);
      nextGaps.fill(Infinity, before.firstGap, before.firstGap + before.gaps.length);
    }
    let least = Infinity;
    for (let row = first; row < behind; row++) {
      let cost = rows[row]!;
      let from = STAYS;
      if (row > 0 && rows[row - 1]! < cost) [cost, from] = [rows[row - 1]!, 1];
      if (row > 1 && rows[row - 2]! + HASTE < cost) [cost, from] = [rows[row - 2]! + HASTE, HASTENS];
      const word = owners[row]!;
      if (this.#begins[word] === row && gaps[word]! < cost) [cost, from] = [gaps[word]!, FROM_GAP];
      if (time === 0 && row === 0) cost = 0;
      if (cost === Infinity) continue;
      cost += distance(heard, features, row * FEATURES);
      nextRows[row] = cost;
      step.rows[row - first] = from;
      if (cost < least) [least, this.#likeliest] = [cost, row];
    }
    for (let gap = firstGap; gap <= lastGap; gap++) {
      const word = gap === 0 ? Infinity : rows[this.#begins[gap]! - 1]!;
      const stays = time === 0 && gap === 0 ? 0 : gaps[gap]!;
      const cost = Math.min(word, stays) + this.#recorded.gapCosts[time]!;
      nextGaps[gap] = cost;
      step.gaps[gap - firstGap] = word < stays ? 1 : 0;
      if (cost < least) [least, this.#likeliest] = [cost, Math.min(this.#begins[gap]!, owners.length - 1)];
    }
    [this.#rows, this.#nextRows, this.#gaps, this.#nextGaps] = [nextRows, rows, nextGaps, gaps];
    this.#steps.push(step);
    if (this.#steps.length >= 2 * this.#reach.settled) this.#settle();
  }

  finish(): Path | undefined {
    const [word, gap] = [this.#rows.at(-1)!, this.#gaps.at(-1)!];
    if (Math.min(word, gap) === Infinity) return undefined;
    this.#trace(word < gap ? { row: this.#rows.length - 1 } : { gap: this.#begins.length - 1 }, this.#steps.length);
    return this.#path;
  }

  /** Ways that differ now are the same that far back, but for ones that lead nowhere. */
  #settle(): void {
    const end = this.#rows.reduce((best, cost, row, all) => (cost < all[best]! ? row : best), 0);
    const gap = this.#gaps.reduce((best, cost, one, all) => (cost < all[best]! ? one : best), 0);
    this.#trace(this.#rows[end]! < this.#gaps[gap]! ? { row: end } : { gap }, this.#reach.settled);
    this.#steps.splice(0, this.#reach.settled);
    this.#settled += this.#reach.settled;
  }

  /** Goes back from where the last step ended, and writes down the way through the first of the steps. */
  #trace(end: { readonly row: number } | { readonly gap: number }, steps: number): void {
    let at = end;
    for (let k = this.#steps.length - 1; k >= 0; k--) {
      const step = this.#steps[k]!;
      if (k < steps) this.#path[this.#settled + k] = 'row' in at ? at.row : -1;
      if ('gap' in at) {
        if (step.gaps[at.gap - step.firstGap] === 1) at = { row: this.#begins[at.gap]! - 1 };
      } else {
        const from = step.rows[at.row - step.first]!;
        at = from === FROM_GAP ? { gap: this.#said.owners[at.row]! } : { row: at.row - from };
      }
    }
  }
}

/** Of the rows that a path takes for words: 0 where they are the same, 1 where nothing is alike. */
export function meanDistance(recorded: Recorded, said: Said, path: Path): number {
  let [sum, count] = [0, 0];
  for (const [time, row] of path.entries()) {
    if (row < 0) continue;
    const heard = recorded.features.subarray(time * FEATURES, (time + 1) * FEATURES);
    sum += distance(heard, said.features, row * FEATURES);
    count++;
  }
  return sum / Math.max(1, count);
}

const unreached = (length: number): Float64Array => new Float64Array(length).fill(Infinity);

/** 1 less the cosine of two rows of length 1. */
function distance(heard: Float32Array, features: Float32Array, at: number): number {
  let [a, b] = [0, 0];
  for (let k = 0; k < FEATURES; k += 2) {
    a += heard[k]! * features[at + k]!;
    b += heard[k + 1]! * features[at + k + 1]!;
  }
  return 1 - a - b;
}
