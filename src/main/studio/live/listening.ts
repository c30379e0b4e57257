import { StudioError } from '../../../shared/contract/index.ts';
import { LIVE_SOUND_RATE, type LiveSound } from '../../../shared/contract/live-sound.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import type { Ear } from '../engine/index.ts';

/** Spoken expressions a second. */
const ROW_RATE = 100;
/** Sound that may wait to be heard; a computer that is further behind does not catch up. */
const MOST_WAITING_SECONDS = 20;
/** With more than this unheard, pictures are few: a busy computer leaves out frames and hears all. */
const SOUND_FIRST_SECONDS = 0.12;
const BUSY_PICTURE_MS = 1000;
/** Pictures that may be on their way to the window. */
const MOST_UNSEEN = 3;

/** A voice on a line: what comes in becomes rows, and the newest row becomes a picture. */
export class Listening {
  /** Of the request it began with, and so of its pictures. */
  readonly serial: number;
  readonly #first: number;
  readonly #fps: number;
  readonly #ear: Promise<Ear>;
  readonly #heard: () => void;
  readonly #unheard: Float32Array[] = [];
  #hearing: Promise<void> | undefined;
  #newest: Float32Array | undefined;
  #known = 0; // rows
  #waiting = 0; // samples, those that are being heard included
  #shown = -1;
  #sent = 0;
  #sentAt = 0;
  #seen = 0;
  #over = false;

  /**
   * It can hear once what came `before` is let go: an ear takes memory. Its first sample is heard at the frame `first`
   * of a timeline. `heard` is called whenever there is more to show.
   */
  constructor(
    open: () => Promise<Ear>,
    {
      serial,
      first,
      fps,
      before,
      heard,
    }: { serial: number; first: number; fps: number; before: Promise<void>; heard: () => void },
  ) {
    this.serial = serial;
    this.#first = first;
    this.#fps = fps;
    this.#ear = before.then(() => {
      if (this.#over) throw new Error('It was over before it could hear.');
      return open();
    });
    this.#heard = heard;
    this.#ear.catch(() => undefined); // who waits for it, or brings sound, is told
  }

  /** Settles when it can hear. */
  get ready(): Promise<void> {
    return this.#ear.then(() => undefined);
  }

  /**
   * Hears more, after what came before. Raises StudioError('busy') where too much waits, and what the engine raises.
   */
  async hear({ seen, samples }: LiveSound): Promise<void> {
    this.#seen = seen;
    if (this.#waiting + samples.length > MOST_WAITING_SECONDS * LIVE_SOUND_RATE) throw tooSlow();
    this.#waiting += samples.length;
    this.#unheard.push(samples);
    await (this.#hearing ??= this.#hearAll().finally(() => (this.#hearing = undefined)));
  }

  /**
   * What is said now, as far as it can be heard [64], and the frame of the timeline that is next to it: once each, in
   * order, seldom while sound waits to be heard, and not while the window has yet to see the last ones.
   */
  next(): { readonly frame: number; readonly spoken: Float32Array } | undefined {
    const frame = Math.round(((this.#known - 1) / ROW_RATE) * this.#fps);
    if (!this.#newest || frame <= this.#shown || this.#sent - this.#seen >= MOST_UNSEEN) return undefined;
    const now = performance.now();
    const busy = this.#waiting > SOUND_FIRST_SECONDS * LIVE_SOUND_RATE;
    if (busy && now - this.#sentAt < BUSY_PICTURE_MS) return undefined;
    this.#shown = frame;
    this.#sent += 1;
    this.#sentAt = now;
    return { frame: this.#first + frame, spoken: this.#newest };
  }

  /** Settles when it is let go. */
  async close(): Promise<void> {
    this.#over = true;
    this.#unheard.length = 0;
    await this.#ear.then((ear) => ear.close()).catch(() => undefined);
  }

  /** What waits goes to the engine at once: on a busy computer each way there and back takes its time. */
  async #hearAll(): Promise<void> {
    const ear = await this.#ear;
    while (this.#unheard.length > 0) {
      const samples = joined(this.#unheard.splice(0));
      const { length } = samples;
      const rows = await ear.hear(samples);
      this.#waiting -= length;
      if (rows.length > 0) this.#newest = rows.slice(-EXPRESSIONS);
      this.#known += rows.length / EXPRESSIONS;
      this.#heard();
    }
  }
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function tooSlow(): StudioError {
  return new StudioError({
    code: 'busy',
    message: 'This computer cannot keep up with the microphone.',
    hint: 'Stop other work on it, and start the microphone again. What you record is whole.',
  });
}
