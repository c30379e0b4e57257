import type { Control, MotionTrack } from '../bundle/index.ts';
import { SeededRandom } from '../numbers/random.ts';
import type { Taste } from './blink-moments.ts';
import { degreesBetween, type Look, type Looking } from './look.ts';
import { FADE, type Piece } from './pieces.ts';

/** Gaze is compared with itself over so long before a moment and after it, and has shifted where it is so far apart. */
const APART_SECONDS = 0.12;
const APART_DEGREES = 3;
/** An eye turns in so many seconds, and so many more for each degree (Carpenter 1988). */
const QUICKEST_SECONDS = 0.021;
const SECONDS_A_DEGREE = 0.0022;
/** Part of a fade in which its gaze may shift; moments of it that are weighed where the sound has a say. */
const EARLIEST = 0.2;
const LATEST = 0.8;
const DRAWS = 4;

/** When a person's gaze shifts in their own track, seconds; `looks` are of its rows. */
export function shiftsOf({ time }: Pick<MotionTrack, 'time'>, looks: readonly Look[]): number[] {
  const reach = Math.max(Math.round((APART_SECONDS * (time.length - 1)) / Math.max(time.at(-1)! - time[0]!, 1e-9)), 2);
  const apart = looks.map((_, row) => {
    if (row < reach || row + reach > looks.length) return 0;
    return degreesBetween(middle(looks.slice(row - reach, row)), middle(looks.slice(row, row + reach)));
  });
  return apart.flatMap((degrees, row) => {
    const [before, after] = [apart.slice(Math.max(row - reach, 0), row), apart.slice(row + 1, row + reach + 1)];
    const isShift = degrees > APART_DEGREES && degrees > Math.max(0, ...before) && degrees >= Math.max(0, ...after);
    return isShift ? [time[row]!] : [];
  });
}

/** A gaze that shifts: what eyes look at, and when they shift in the track, seconds. */
interface OwnShifts {
  readonly looking: Looking;
  readonly shifts: readonly number[];
}

/**
 * Eyes between two pieces of a person's movement: they stay with what they look at in the first one and then shift to
 * that of the next, as quickly as eyes turn, while all else fades. They shift under a blink where there is one, else
 * where they shift anyway in one of the two, so that they do so no more often than the person.
 */
export class GazeShifts {
  readonly #own: OwnShifts;
  readonly #seed: number;
  readonly #shutAfter: (seconds: number) => number;
  readonly #taste: Taste | undefined;

  /** `shutAfter` a moment: when the eyes are shut next. */
  constructor(own: OwnShifts, seed: number, shutAfter: (seconds: number) => number, taste?: Taste) {
    this.#own = own;
    this.#seed = seed;
    this.#shutAfter = shutAfter;
    this.#taste = taste;
  }

  /** `mixed` of what two pieces show at a moment, while `now` fades in over the one before it. */
  between(mixed: Control, [left, coming]: readonly [Control, Control], pieces: Fading, seconds: number): Control {
    const { looking } = this.#own;
    const [from, to] = [looking.of(left), looking.of(coming)];
    const length = QUICKEST_SECONDS + SECONDS_A_DEGREE * degreesBetween(from, to);
    const done = Math.min(Math.max((seconds - this.#moment(pieces)) / length + 0.5, 0), 1);
    const share = done * done * (3 - 2 * done);
    const look = { yaw: from.yaw + share * (to.yaw - from.yaw), pitch: from.pitch + share * (to.pitch - from.pitch) };
    // an own gaze of the person, as every frame's is: it is drawn as one that was filmed
    const { filmedGaze: _, ...shifted } = looking.with(mixed, look);
    return shifted;
  }

  /** When the gaze is half way in a fade. */
  #moment({ before, now }: Fading): number {
    const [earliest, latest] = [now.from + EARLIEST * FADE, now.from + LATEST * FADE];
    const shut = this.#shutAfter(earliest);
    if (shut < latest) return shut;
    const random = new SeededRandom(this.#seed ^ Math.round(now.from * 1000));
    const own = [before, now].flatMap(({ from, start }) =>
      this.#own.shifts.map((at) => at - start + from).filter((at) => at > earliest && at < latest),
    );
    const drawn = (): number =>
      own.length > 0 ? own[Math.floor(random.next() * own.length)]! : earliest + random.next() * (latest - earliest);
    let best = drawn();
    const taste = this.#taste;
    if (!taste || random.next() >= taste.share) return best;
    for (let draw = 1; draw < DRAWS; draw++) {
      const other = drawn();
      if (taste.of(other) > taste.of(best)) best = other;
    }
    return best;
  }
}

/** A piece that fades in over another. */
interface Fading {
  readonly before: Piece;
  readonly now: Piece;
}

function middle(looks: readonly Look[]): Look {
  const of = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  return { yaw: of(looks.map(({ yaw }) => yaw)), pitch: of(looks.map(({ pitch }) => pitch)) };
}
