import type { StudioErrorShape } from '../../shared/contract/errors.ts';
import type { CameraParts } from '../../shared/contract/live-camera.ts';
import type { LiveReply } from '../../shared/contract/live.ts';
import type { LaneName } from '../../shared/domain/lanes/index.ts';

type Reply<Type extends LiveReply['type']> = Extract<LiveReply, { type: Type }>;
export type Driven = Omit<Reply<'driven'>, 'type' | 'serial'>;

/** What a camera's pictures become. */
export interface WatchEvents {
  /** The first picture can be looked at. `off`: how far a kept lane may be off what was driven, in its unit. */
  readonly ready: (off: { readonly [Name in LaneName]?: number }) => void;
  /** A calm moment is over. */
  readonly calm: () => void;
  /** `takenAt`: when the camera's picture was taken, ms. */
  readonly driven: (driven: Driven, takenAt: number) => void;
  /** Called once, when nobody looks any more. */
  readonly lost: (error: StudioErrorShape) => void;
}

/** Pictures that may wait for an answer: one that is looked at, one that comes next. More would only be late. */
const MOST_UNANSWERED = 2;
const REMEMBERED = 25;

/** A camera that drives the avatar: which of its pictures were sent, and how far behind them the avatar is. */
export class Watch {
  readonly serial: number;
  readonly size: { readonly width: number; readonly height: number };
  readonly events: WatchEvents;
  parts: CameraParts;
  /** Sent and not answered: when each was taken, ms, and of which moment of the timeline, seconds. */
  readonly #sent = new Map<number, { readonly takenAt: number; readonly at: number }>();
  /** Answered, and its picture of the avatar not seen yet: when it was taken, by the moment of the timeline. */
  readonly #shown: { readonly takenAt: number; readonly at: number }[] = [];
  readonly #delays: number[] = [];

  constructor(
    serial: number,
    size: { readonly width: number; readonly height: number },
    parts: CameraParts,
    events: WatchEvents,
  ) {
    this.serial = serial;
    this.size = size;
    this.parts = parts;
    this.events = events;
  }

  /** Whether a picture sent now would not wait behind others. */
  get free(): boolean {
    return this.#sent.size < MOST_UNANSWERED;
  }

  sent(picture: number, at: number, takenAt: number): void {
    this.#sent.set(picture, { takenAt, at });
  }

  /** Pictures before it were overtaken. */
  answered({ serial, ...driven }: Reply<'driven'>): void {
    const found = this.#sent.get(serial);
    if (!found) return;
    for (const earlier of this.#sent.keys()) {
      this.#sent.delete(earlier);
      if (earlier === serial) break;
    }
    this.#shown.push(found);
    if (this.#shown.length > REMEMBERED) this.#shown.shift();
    this.events.driven(driven, found.takenAt);
  }

  /** A picture of the avatar was painted, of a frame of the timeline; again is no other picture. */
  painted(frame: number, fps: number, now: number): void {
    const index = this.#shown.findLastIndex(({ at }) => Math.round(at * fps) === frame);
    const found = this.#shown[index];
    if (!found) return;
    this.#shown.splice(0, index + 1);
    this.#delays.push(now - found.takenAt);
    if (this.#delays.length > REMEMBERED) this.#delays.shift();
  }

  /** From what the camera saw to the avatar's picture of it on the screen, ms; median of the last, null before any. */
  get behindMs(): number | null {
    return this.#delays.toSorted((a, b) => a - b)[this.#delays.length >> 1] ?? null;
  }
}
