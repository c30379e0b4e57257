import { Tensor } from 'onnxruntime-node';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { SOUND } from '../../../../shared/format/index.ts';
import { badBundle, type Bundle, openSession, type Rig } from '../bundle/index.ts';
import type { Network } from '../providers/index.ts';
import { refuseNonsense } from './nonsense.ts';
import { closures } from './aperture.ts';
import { LleProjection } from './lle.ts';
import { MouthScaling } from './strength.ts';

/** Optional in a bundle: avatars of before have none. */
export const LIVE_FILE = 'live.onnx';
/**
 * More numbers than any avatar's live model carries from one step to the next; they are 167, and 85 of avatars of
 * before.
 */
const MOST_STATE = 4096;
const { stepRows: STEP_ROWS, answeredRows: ANSWERED_ROWS, pastRows: PAST_ROWS, marginRows: MARGIN_ROWS } = SOUND.live;
const ROW_SAMPLES = SOUND.rowSamples;
const STEP_SAMPLES = STEP_ROWS * ROW_SAMPLES;
/** No window is longer than that of older avatars, nor shorter than what it hears before a step and the step itself. */
const LONGEST_WINDOW = 11_520;
const SHORTEST_WINDOW = (PAST_ROWS + STEP_ROWS - 1 + 2 * MARGIN_ROWS) * ROW_SAMPLES;
/** A sound that is there whole is smoothed by the same bell (0.6 frames at 25 a second) to its ends; live by 40 ms. */
const SMOOTHING_ROWS = 4;
const SMOOTHING_SIGMA = 2.4;
const ROWS = SMOOTHING_ROWS + STEP_ROWS + SMOOTHING_ROWS;

/** Sizes of a live graph. */
interface Sizes {
  readonly state: number;
  readonly window: number; // samples
  /**
   * Of a step: its own, and in newer avatars those after it, heard with less to come after them, which its own are
   * smoothed with. Older avatars' steps have none, so that theirs are smoothed once the next step is known.
   */
  readonly answered: number; // rows
}

/**
 * Expressions of sound that is still coming in, 100 a second. What is known of the voice comes from what was heard of
 * it, and memory does not grow: an hour costs what a second does, and a step takes no memory but for what it gives out.
 */
export class LiveDrive {
  readonly #session: Network;
  readonly #rig: Rig;
  readonly #lle: LleProjection;
  readonly #mouth: MouthScaling;
  readonly #window: Float32Array;
  readonly #state: Float32Array;
  readonly #next: Float32Array;
  /** Rows as predicted: those before the ones to be given out, those, and those after them. */
  readonly #rows = new Float32Array(ROWS * EXPRESSIONS);
  readonly #newest: Float32Array;
  readonly #inputs: Record<'waveform' | 'state', Tensor>;
  readonly #outputs: Record<'expression' | 'next', Tensor>;
  /** How much of the window is known. It begins with what comes before the sound: nothing. */
  #known = (PAST_ROWS + MARGIN_ROWS) * ROW_SAMPLES;
  #begun = false;

  private constructor(session: Network, rig: Rig, strength: number, { state, window, answered }: Sizes) {
    this.#session = session;
    this.#window = new Float32Array(window);
    this.#newest = this.#rows.subarray((ROWS - answered) * EXPRESSIONS);
    this.#state = new Float32Array(state);
    this.#next = new Float32Array(state);
    this.#inputs = {
      waveform: new Tensor('float32', this.#window, [1, window]),
      state: new Tensor('float32', this.#state, [1, state]),
    };
    this.#outputs = {
      expression: new Tensor('float32', this.#newest, [1, answered, EXPRESSIONS]),
      next: new Tensor('float32', this.#next, [1, state]),
    };
    this.#rig = rig;
    this.#lle = new LleProjection(rig.lleBank);
    this.#mouth = new MouthScaling(rig, strength);
  }

  /** `strength` as a take's. Raises StudioError('bad-bundle') when the avatar has no live graph, or another one. */
  static async open(bundle: Bundle, rig: Rig, threads: number, strength = 1): Promise<LiveDrive> {
    if (!bundle.files.has(LIVE_FILE))
      throw badBundle('This avatar was made before live sound could drive one.', `There is no ${LIVE_FILE} in it.`);
    const session = await openSession(bundle, LIVE_FILE, { threads });
    const sizes = sizesOf(session);
    if (sizes) return new LiveDrive(session, rig, strength, sizes);
    const ports = JSON.stringify([session.inputMetadata, session.outputMetadata]);
    await session.release();
    throw badBundle("The avatar's live model does not fit the format.", `Its ports are ${ports}.`);
  }

  /**
   * Takes sound in (mono, 16 kHz, -1..1, any amount) and gives the rows [n,64] that are known now, each once, in order.
   */
  async push(samples: Float32Array): Promise<Float32Array> {
    const { length } = this.#window;
    const steps = Math.max(Math.floor((this.#known + samples.length - length) / STEP_SAMPLES) + 1, 0);
    const silent = this.#waitsForNext && !this.#begun && steps > 0 ? 1 : 0;
    const rows = new Float32Array((steps - silent) * STEP_ROWS * EXPRESSIONS);
    for (let taken = 0, given = 0; taken < samples.length;) {
      const piece = samples.subarray(taken, taken + length - this.#known);
      this.#window.set(piece, this.#known);
      this.#known += piece.length;
      taken += piece.length;
      if (this.#known < length) break;
      const first = !this.#begun;
      await this.#step();
      if (first && this.#waitsForNext) continue;
      const known = rows.subarray(given, (given += STEP_ROWS * EXPRESSIONS));
      this.#finish(known);
    }
    return this.#mouth.of(rows);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  /** Whether a step's rows are given out with the next one's: they have nothing after them to be smoothed with. */
  get #waitsForNext(): boolean {
    return this.#newest.length === STEP_ROWS * EXPRESSIONS;
  }

  /** Hears the window, which then lacks a step's sound, and adds its rows. */
  async #step(): Promise<void> {
    this.#rows.copyWithin(0, STEP_ROWS * EXPRESSIONS);
    try {
      await this.#session.run(this.#inputs, this.#outputs);
      refuseNonsense('expression', this.#newest);
      refuseNonsense('next', this.#next);
    } catch (cause) {
      throw badBundle("The avatar's live model does not fit the format.", String(cause), cause);
    }
    this.#state.set(this.#next);
    this.#window.copyWithin(0, STEP_SAMPLES);
    this.#known -= STEP_SAMPLES;
    if (this.#begun) return;
    this.#begun = true;
    for (let row = 0; row < ROWS - this.#newest.length / EXPRESSIONS; row++)
      this.#rows.set(this.#newest.subarray(0, EXPRESSIONS), row * EXPRESSIONS); // before the first row it was like it
  }

  /**
   * Smoothed (never where the mouth closes), pulled to the person's own and kept within it: rows with enough after
   * them.
   */
  #finish(found: Float32Array): void {
    const { expressionLow, expressionHigh } = this.#rig;
    const keep = closures(
      this.#rig,
      this.#rows.subarray(SMOOTHING_ROWS * EXPRESSIONS, (SMOOTHING_ROWS + STEP_ROWS) * EXPRESSIONS),
    );
    for (let row = 0; row < STEP_ROWS; row++) {
      const out = found.subarray(row * EXPRESSIONS, (row + 1) * EXPRESSIONS);
      smoothed(this.#rows, SMOOTHING_ROWS + row, keep[row]!, out);
      this.#lle.project(out);
      for (let k = 0; k < EXPRESSIONS; k++) out[k] = Math.min(Math.max(out[k]!, expressionLow[k]!), expressionHigh[k]!);
    }
  }
}

/** Undefined where they are no live graph's. */
function sizesOf({ inputMetadata, outputMetadata }: Network): Sizes | undefined {
  const [state, window, answered] = [
    sizeOf(inputMetadata, 'state', -1),
    sizeOf(inputMetadata, 'waveform', -1),
    sizeOf(outputMetadata, 'expression', 1),
  ];
  const fits =
    state >= 1 &&
    state <= MOST_STATE &&
    window >= SHORTEST_WINDOW &&
    window <= LONGEST_WINDOW &&
    [STEP_ROWS, ANSWERED_ROWS].includes(answered);
  return fits ? { state, window, answered } : undefined;
}

/** NaN where a graph does not say. */
function sizeOf(ports: Network['inputMetadata'], name: string, axis: number): number {
  const port = ports.find((one) => one.name === name);
  const size = port?.isTensor === true ? port.shape.at(axis) : undefined;
  return typeof size === 'number' ? size : Number.NaN;
}

const WEIGHTS = Array.from({ length: 2 * SMOOTHING_ROWS + 1 }, (_, k) =>
  Math.exp(-0.5 * ((k - SMOOTHING_ROWS) / SMOOTHING_SIGMA) ** 2),
);
const TOTAL = WEIGHTS.reduce((a, b) => a + b);

function smoothed(rows: Float32Array, row: number, keep: number, out: Float32Array): void {
  for (let k = 0; k < EXPRESSIONS; k++) {
    let sum = 0;
    for (let tap = 0; tap < WEIGHTS.length; tap++)
      sum += WEIGHTS[tap]! * rows[(row + tap - SMOOTHING_ROWS) * EXPRESSIONS + k]!;
    out[k] = keep * rows[row * EXPRESSIONS + k]! + ((1 - keep) * sum) / TOTAL;
  }
}
