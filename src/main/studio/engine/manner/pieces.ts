import type { MotionTrack } from '../bundle/index.ts';
import type { SeededRandom } from '../numbers/random.ts';
import { type GoodRun, goodRuns, rowBefore } from './rows.ts';

/** How long one piece of the person's own motion is followed, and how long the next one fades in over it, seconds. */
const SHORTEST_PIECE = 2;
const LONGEST_PIECE = 4.5;
export const FADE = 0.9;
/** The next piece begins at one of so many places where the head is held most alike. */
const CHOICES = 5;
/**
 * Where the sound has a say, so much of the track is listened to, where the head is held most alike; and the next piece
 * is one of `CHOICES` that go best with it.
 */
const LISTENED_SECONDS = 2.4;
/** What went best with the sound a moment ago would go best again: the last pieces are not played a second time. */
const REMEMBERED_PIECES = 3;
const REPEATED_SECONDS = 1.2;
/** A centimetre and so many radians are as far apart. */
const RADIANS_PER_CM = 0.1;
const SAME_PLACE_SECONDS = 1; // a piece that begins where the last one ended would be no other piece

/** A stretch of the person's own motion on the timeline. */
export interface Piece {
  /** On the timeline. */
  readonly from: number;
  readonly to: number;
  /** In the source, where `from` is. */
  readonly start: number;
}

/** For a stretch of the timeline: how well the source from a moment on goes with it. */
export type Fit = (from: number, seconds: number) => (start: number) => number;

/** Pieces one after the other without end, each beginning where the head is held as the last one left it. */
export class Pieces {
  readonly #track: Pick<MotionTrack, 'time' | 'rotation' | 'translation'>;
  readonly #random: SeededRandom;
  readonly #fit: Fit | undefined;
  readonly #spans: readonly GoodRun[];
  /** Rows that a piece can begin at. */
  readonly #places: Int32Array;
  readonly #listened: number;
  /** A piece is 24 bytes and lasts more than a second: an hour of them is nothing. */
  readonly #pieces: Piece[] = [];

  constructor(track: MotionTrack, random: SeededRandom, fit?: Fit) {
    const { time, frames } = track;
    this.#track = track;
    this.#random = random;
    this.#fit = fit;
    this.#spans = goodRuns(track);
    this.#places = Int32Array.from(
      this.#spans.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, k) => first + k).filter(
          (row) => time[last]! - time[row]! >= SHORTEST_PIECE,
        ),
      ),
    );
    this.#listened = Math.max(
      Math.round((LISTENED_SECONDS * (frames - 1)) / Math.max(time[frames - 1]! - time[0]!, 1e-9)),
      CHOICES,
    );
  }

  /**
   * The piece that plays at a moment, and the one that it may still be fading in over. Undefined where no stretch of
   * the track is long enough.
   */
  at(seconds: number): { readonly now: Piece; readonly before: Piece | undefined } | undefined {
    if (this.#places.length === 0) return undefined;
    while ((this.#pieces.at(-1)?.to ?? 0) <= seconds + FADE) this.#pieces.push(this.#next());
    const number = firstAfter(this.#pieces, seconds);
    return { now: this.#pieces[number]!, before: this.#pieces[number - 1] };
  }

  #next(): Piece {
    const { time } = this.#track;
    const last = this.#pieces.at(-1);
    const from = last?.to ?? 0;
    const { row, wanted } = this.#fit ? this.#chosen(this.#fit, last, from) : this.#drawn(last);
    const span = this.#spans.find(({ first, last: end }) => first <= row && row <= end)!;
    const room = time[span.last]! - time[row]!;
    // What follows fades in over the end of this piece: it has to go on that long.
    return { from, to: from + Math.max(Math.min(wanted, room) - FADE, SHORTEST_PIECE - FADE), start: time[row]! };
  }

  #drawn(last: Piece | undefined): { row: number; wanted: number } {
    const nearest = last ? this.#nearest(last, CHOICES, (at) => isElsewhere(last, at)) : this.#places;
    const row = nearest[Math.floor(this.#random.next() * nearest.length)]!;
    return { row, wanted: this.#length() };
  }

  #chosen(fit: Fit, last: Piece | undefined, from: number): { row: number; wanted: number } {
    const wanted = this.#length();
    const recent = this.#pieces.slice(-REMEMBERED_PIECES);
    const near = last
      ? this.#nearest(
          last,
          this.#listened,
          (at) =>
            isElsewhere(last, at) &&
            recent.every((piece) => at < piece.start - REPEATED_SECONDS || at > sourceEnd(piece)),
        )
      : Int32Array.from(
          { length: this.#listened },
          () => this.#places[Math.floor(this.#random.next() * this.#places.length)]!,
        );
    const fitting = fit(from, wanted);
    const misfit = Float64Array.from(near, (row) => -fitting(this.#track.time[row]!));
    const best = smallest(misfit, CHOICES);
    return { row: near[best[Math.floor(this.#random.next() * best.length)]!]!, wanted };
  }

  #length(): number {
    return SHORTEST_PIECE + this.#random.next() * (LONGEST_PIECE - SHORTEST_PIECE);
  }

  /**
   * The places where the head is held most as it is at the end of a piece, best first; `isFresh` ones where there are
   * any.
   */
  #nearest(piece: Piece, count: number, isFresh: (at: number) => boolean): Int32Array {
    const { time } = this.#track;
    const distances = this.#distances(rowBefore(time, sourceEnd(piece)));
    const isStale = new Uint8Array(distances.length);
    for (let k = 0; k < distances.length; k++) isStale[k] = Number(!isFresh(time[this.#places[k]!]!));
    const fresh = distances.length - isStale.reduce((total, stale) => total + stale, 0);
    if (fresh > 0) for (let k = 0; k < distances.length; k++) if (isStale[k]) distances[k] = Number.POSITIVE_INFINITY;
    return smallest(distances, Math.min(count, fresh || count)).map((k) => this.#places[k]!);
  }

  /** Between the head of a row and those of all places: position in cm, rotation as the angle between them; squares. */
  #distances(row: number): Float64Array {
    const { rotation, translation } = this.#track;
    const places = this.#places;
    const distances = new Float64Array(places.length);
    for (let k = 0; k < places.length; k++) {
      const place = places[k]!;
      let square = 0;
      for (let i = 0; i < 9; i++)
        square += (rotation[place * 9 + i]! - rotation[row * 9 + i]!) ** 2 / 2 / RADIANS_PER_CM ** 2;
      for (let i = 0; i < 3; i++) square += (translation[place * 3 + i]! - translation[row * 3 + i]!) ** 2;
      distances[k] = square;
    }
    return distances;
  }
}

/** Where a piece ends in the source. */
function sourceEnd({ start, from, to }: Piece): number {
  return start + to - from;
}

function isElsewhere(piece: Piece, at: number): boolean {
  return Math.abs(at - sourceEnd(piece)) > SAME_PLACE_SECONDS;
}

function firstAfter(pieces: readonly Piece[], seconds: number): number {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seconds < pieces[middle]!.to) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Numbers of the `count` smallest values, smallest first; of equal ones the first. */
function smallest(values: Float64Array, count: number): Int32Array {
  const found = new Int32Array(Math.min(count, values.length));
  let held = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (held === found.length && value >= values[found[held - 1]!]!) continue;
    let place = held < found.length ? held++ : held - 1;
    for (; place > 0 && values[found[place - 1]!]! > value; place--) found[place] = found[place - 1]!;
    found[place] = k;
  }
  return found;
}
