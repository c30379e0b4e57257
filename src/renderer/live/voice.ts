import type { StudioErrorShape } from '../../shared/contract/errors.ts';
import { encodeLiveSound, LIVE_SOUND_RATE, MOST_LIVE_SAMPLES } from '../../shared/contract/live-sound.ts';

/** Pieces whose arrival says when the voice began: clocks of sound and computer drift apart. */
const REMEMBERED = 100;
const DELAYS = 25;
/** A frame's own time may be a rounding error away from what was asked for, in frames. */
export const SLACK = 1e-4;

/** A voice that the avatar follows: what of it was sent, and how far behind it the pictures are. */
export class Voice {
  readonly serial: number;
  /** Of the timeline, where it begins. */
  readonly seconds: number;
  /** Called once, when the avatar can follow no more. */
  readonly lost: (error: StudioErrorShape) => void;
  /** When its first sample sounded, by each of the last pieces, ms: the earliest was held up least. */
  readonly #began: number[] = [];
  readonly #delays: number[] = [];
  #samples = 0;
  #seen = 0;
  #painted = -1; // frame

  constructor(serial: number, seconds: number, lost: (error: StudioErrorShape) => void) {
    this.serial = serial;
    this.seconds = seconds;
    this.lost = lost;
  }

  /** The frame of the timeline that it begins in. */
  firstFrame(fps: number): number {
    return Math.floor(this.seconds * fps + SLACK);
  }

  /** Messages for a piece that has just come in (mono, 16 kHz, -1..1). */
  messages(samples: Float32Array, now: number): ArrayBuffer[] {
    this.#samples += samples.length;
    this.#began.push(now - (this.#samples / LIVE_SOUND_RATE) * 1000);
    if (this.#began.length > REMEMBERED) this.#began.shift();
    return Array.from({ length: Math.ceil(samples.length / MOST_LIVE_SAMPLES) }, (_, k) =>
      encodeLiveSound({
        seen: this.#seen,
        samples: samples.subarray(k * MOST_LIVE_SAMPLES, (k + 1) * MOST_LIVE_SAMPLES),
      }),
    );
  }

  /** A picture of it is here. */
  arrived(): void {
    this.#seen += 1;
  }

  /** A picture of it was painted; again is no other picture. */
  painted(frame: number, fps: number, now: number): void {
    if (frame <= this.#painted) return;
    this.#painted = frame;
    this.#delays.push(now - Math.min(...this.#began) - ((frame - this.firstFrame(fps)) / fps) * 1000);
    if (this.#delays.length > DELAYS) this.#delays.shift();
  }

  /** From what is heard to its picture on the screen, median of the last ones, ms; null before the first. */
  get behindMs(): number | null {
    return this.#delays.toSorted((a, b) => a - b)[this.#delays.length >> 1] ?? null;
  }
}
