import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { closures } from './aperture.ts';
import type { Bundle } from './bundle.ts';
import { openSession } from './graph.ts';
import { LleProjection } from './lle.ts';
import { badBundle } from './refusal.ts';
import { EXPRESSIONS, type Rig } from './rig.ts';
import { MouthStrength } from './strength.ts';

/** Optional in a bundle: avatars of before have none. */
export const LIVE_FILE = 'live.onnx';
/** As the trainer's `motion/live.py`. */
const STATE = 85;
const STEP_ROWS = 4;
const PAST_ROWS = 50;
const AHEAD_ROWS = 13;
const MARGIN_ROWS = 3;
const ROW_SAMPLES = 160;
const STEP_SAMPLES = STEP_ROWS * ROW_SAMPLES;
const WINDOW_SAMPLES = (PAST_ROWS + STEP_ROWS + AHEAD_ROWS - 1 + 2 * MARGIN_ROWS) * ROW_SAMPLES;
/** A sound that is there whole is smoothed by the same bell (0.6 frames at 25 a second) to its ends; live there is time for 40 ms. */
const SMOOTHING_ROWS = 4;
const SMOOTHING_SIGMA = 2.4;

/** How long after a moment its row is known, seconds of sound. */
export const LOOKAHEAD_SECONDS = (AHEAD_ROWS + MARGIN_ROWS + SMOOTHING_ROWS) / 100;

/**
 * Expressions of sound that is still coming in, 100 a second. What is known of the voice comes from what was heard of it,
 * and memory does not grow: an hour costs what a second does.
 */
export class LiveDrive {
  readonly #session: InferenceSession;
  readonly #rig: Rig;
  readonly #lle: LleProjection;
  readonly #mouth: MouthStrength;
  #state = new Float32Array(STATE);
  /** Sound from where the next step's window begins. */
  #waiting = new Float32Array((PAST_ROWS + MARGIN_ROWS) * ROW_SAMPLES);
  /** Rows as predicted: some before the first one that is still to be given out, and all after it. */
  #rows = new Float32Array(0);
  /** How many of them were given out. */
  #given = 0;

  private constructor(session: InferenceSession, rig: Rig, strength: number) {
    this.#session = session;
    this.#rig = rig;
    this.#lle = new LleProjection(rig.lleBank);
    this.#mouth = new MouthStrength(rig, strength);
  }

  /** `strength` as a take's. Raises StudioError('bad-bundle') when the avatar has no live graph, or another one. */
  static async open(bundle: Bundle, rig: Rig, threads: number, strength = 1): Promise<LiveDrive> {
    if (!bundle.files.has(LIVE_FILE)) throw badBundle('This avatar was made before live sound could drive one.', `There is no ${LIVE_FILE} in it.`);
    return new LiveDrive(await openSession(bundle, LIVE_FILE, threads), rig, strength);
  }

  /** Takes sound in (mono, 16 kHz, -1..1, any amount) and gives the rows [n,64] that are known now, each once, in order. */
  async push(samples: Float32Array): Promise<Float32Array> {
    const waiting = new Float32Array(this.#waiting.length + samples.length);
    waiting.set(this.#waiting);
    waiting.set(samples, this.#waiting.length);
    const steps = Math.max(Math.floor((waiting.length - WINDOW_SAMPLES) / STEP_SAMPLES) + 1, 0);
    const rows = new Float32Array(this.#rows.length + steps * STEP_ROWS * EXPRESSIONS);
    rows.set(this.#rows);
    for (let step = 0; step < steps; step++) {
      const window = waiting.slice(step * STEP_SAMPLES, step * STEP_SAMPLES + WINDOW_SAMPLES);
      rows.set(await this.#step(window), this.#rows.length + step * STEP_ROWS * EXPRESSIONS);
    }
    this.#waiting = waiting.slice(steps * STEP_SAMPLES);
    const known = this.#finished(rows, this.#given);
    const given = this.#given + known.length / EXPRESSIONS;
    const past = Math.max(given - SMOOTHING_ROWS, 0);
    this.#rows = rows.slice(past * EXPRESSIONS);
    this.#given = given - past;
    return known;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  async #step(window: Float32Array): Promise<Float32Array> {
    try {
      const found = await this.#session.run({ waveform: new Tensor('float32', window, [1, WINDOW_SAMPLES]), state: new Tensor('float32', this.#state, [1, STATE]) });
      const { expression, next } = found;
      if (expression!.dims.join() !== `1,${STEP_ROWS},${EXPRESSIONS}` || next!.dims.join() !== `1,${STATE}`) throw new Error(`expression [${expression!.dims.join(', ')}], next [${next!.dims.join(', ')}]`);
      this.#state = (next!.data as Float32Array).slice();
      return expression!.data as Float32Array;
    } catch (cause) {
      throw badBundle("The avatar's live model does not fit the format.", String(cause), cause);
    }
  }

  /** Smoothed (never where the mouth closes), pulled to the person's own and kept within it: all rows with enough after them. */
  #finished(rows: Float32Array, first: number): Float32Array {
    const end = rows.length / EXPRESSIONS - SMOOTHING_ROWS;
    if (end <= first) return new Float32Array(0);
    const keep = closures(this.#rig, rows);
    const found = new Float32Array((end - first) * EXPRESSIONS);
    for (let row = first; row < end; row++) {
      const out = found.subarray((row - first) * EXPRESSIONS, (row - first + 1) * EXPRESSIONS);
      smoothed(rows, row, keep[row]!, out);
      this.#lle.project(out);
      for (let k = 0; k < EXPRESSIONS; k++) out[k] = Math.min(Math.max(out[k]!, this.#rig.expressionLow[k]!), this.#rig.expressionHigh[k]!);
    }
    return this.#mouth.of(found);
  }
}

const WEIGHTS = Array.from({ length: 2 * SMOOTHING_ROWS + 1 }, (_, k) => Math.exp(-0.5 * ((k - SMOOTHING_ROWS) / SMOOTHING_SIGMA) ** 2));
const TOTAL = WEIGHTS.reduce((a, b) => a + b);

function smoothed(rows: Float32Array, row: number, keep: number, out: Float32Array): void {
  for (let k = 0; k < EXPRESSIONS; k++) {
    let sum = 0;
    for (let tap = -SMOOTHING_ROWS; tap <= SMOOTHING_ROWS; tap++) sum += WEIGHTS[tap + SMOOTHING_ROWS]! * rows[Math.max(row + tap, 0) * EXPRESSIONS + k]!;
    out[k] = keep * rows[row * EXPRESSIONS + k]! + ((1 - keep) * sum) / TOTAL;
  }
}
