import { StudioError } from '../../../shared/contract/index.ts';
import { LIVE_SOUND_RATE, type LiveSound } from '../../../shared/contract/live-sound.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import type { Ear } from '../engine/index.ts';

/** Spoken expressions a second. */
const ROW_RATE = 100;
/** Rows that are kept: pictures show the newest moment, and one that is being begun lies a step behind it at most. */
const KEPT_ROWS = 200;
/** Sound that may wait to be heard; a computer that is further behind does not catch up. */
const MOST_WAITING_SECONDS = 10;
/** Pictures that may be on their way to the window. */
const MOST_UNSEEN = 3;
/** A frame's own time may be a rounding error away from a row's, in frames. */
const SLACK = 1e-4;

/** A voice on a line: what comes in becomes rows, and rows become the newest frame that there is sound for. */
export class Listening {
  /** Of the request it began with, and so of its pictures. */
  readonly serial: number;
  readonly #first: number;
  readonly #fps: number;
  readonly #ear: Promise<Ear>;
  readonly #rows = new Float32Array(KEPT_ROWS * EXPRESSIONS);
  #known = 0;
  #waiting = 0;
  #heard: Promise<void>;
  #shown = -1;
  #sent = 0;
  #seen = 0;
  #over = false;

  /** Its first sample is heard at the frame `first` of a timeline. */
  constructor(ear: Promise<Ear>, { serial, first, fps }: { serial: number; first: number; fps: number }) {
    this.serial = serial;
    this.#first = first;
    this.#fps = fps;
    this.#ear = ear;
    this.#heard = ear.then(() => undefined);
    this.#heard.catch(() => undefined); // whoever brings sound is told
  }

  /** Settles when it can hear. */
  get ready(): Promise<void> {
    return this.#ear.then(() => undefined);
  }

  /** Hears more, after what came before. Raises StudioError('busy') where too much waits, and what the engine raises. */
  async hear({ seen, samples }: LiveSound): Promise<void> {
    this.#seen = seen;
    if (this.#waiting + samples.length > MOST_WAITING_SECONDS * LIVE_SOUND_RATE) throw tooSlow();
    this.#waiting += samples.length;
    const { length } = samples;
    this.#heard = this.#heard.then(async () => {
      if (!this.#over) this.#keep(await (await this.#ear).hear(samples));
      this.#waiting -= length;
    });
    await this.#heard;
  }

  /**
   * The newest moment there is sound for, as a frame of the timeline and what is said in it [64]: once each, in order,
   * and not while the window has yet to see the last ones.
   */
  next(): { readonly frame: number; readonly spoken: Float32Array } | undefined {
    const newest = Math.floor(((this.#known - 1) / ROW_RATE) * this.#fps + SLACK);
    if (newest <= this.#shown || this.#sent - this.#seen >= MOST_UNSEEN) return undefined;
    this.#shown = newest;
    this.#sent += 1;
    return { frame: this.#first + newest, spoken: this.#at((newest / this.#fps) * ROW_RATE) };
  }

  close(): void {
    this.#over = true;
    void this.#ear.then((ear) => ear.close()).catch(() => undefined);
  }

  #keep(rows: Float32Array): void {
    for (let at = 0; at < rows.length; at += EXPRESSIONS, this.#known++)
      this.#rows.set(rows.subarray(at, at + EXPRESSIONS), (this.#known % KEPT_ROWS) * EXPRESSIONS);
  }

  /** Between two rows. */
  #at(position: number): Float32Array {
    const row = Math.min(Math.floor(position), this.#known - 1);
    const share = Math.min(Math.max(position - row, 0), 1);
    const of = (index: number): Float32Array => {
      const begin = (Math.min(index, this.#known - 1) % KEPT_ROWS) * EXPRESSIONS;
      return this.#rows.subarray(begin, begin + EXPRESSIONS);
    };
    const [before, after] = [of(row), of(row + 1)];
    return before.map((value, k) => value + share * (after[k]! - value));
  }
}

function tooSlow(): StudioError {
  return new StudioError({
    code: 'busy',
    message: 'This computer cannot keep up with the microphone.',
    hint: 'Stop other work on it, and start the microphone again. What you record is whole.',
  });
}
