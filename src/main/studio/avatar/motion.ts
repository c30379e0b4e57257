import { Tensor } from 'onnxruntime-node';
import { StudioError } from '../../../shared/contract/index.ts';
import { closures } from './aperture.ts';
import type { Bundle } from './bundle.ts';
import { openSession } from './graph.ts';
import { LleProjection } from './lle.ts';
import { badBundle } from './refusal.ts';
import { EXPRESSIONS, type Rig } from './rig.ts';
import { sampleRow, smoothRows } from './sampling.ts';

export const SPEECH_FILES = ['speech.onnx', 'motion.onnx'] as const;
const SAMPLE_RATE = 16_000;
const ROW_RATE = 100;
const ROW_SAMPLES = SAMPLE_RATE / ROW_RATE;
/** Long sound is heard in pieces of this many rows, so that memory stays bounded. */
const CHUNK_ROWS = 3000;
/**
 * What a piece hears of its neighbours on each side, so that pieces equal the whole: level statistics reach 6 s twice, the
 * encoder and the motion network less than half a second (CONTEXT_SECONDS of the trainer's speech graph, and a margin).
 */
const CONTEXT_ROWS = 1300;
/** Shorter sound is padded with silence to what the spectrum needs. */
const LEAST_SAMPLES = SAMPLE_RATE;
const SMOOTHING_FRAMES = 0.6;
/** Frame rate that the smoothing is measured at: more frames a second must not mean less smoothing in time. */
const SMOOTHING_RATE = 25;

/** Turns speech into expressions with the avatar's own networks (docs/formats.md, "Speech drive"). */
export class SpeechDrive {
  readonly #bundle: Bundle;
  readonly #rig: Rig;
  readonly #threads: number;

  constructor(bundle: Bundle, rig: Rig, threads: number) {
    this.#bundle = bundle;
    this.#rig = rig;
    this.#threads = threads;
  }

  /**
   * Spoken expressions [frames,64] of frames at k/fps seconds, before the eyes' part is taken from the idle motion.
   * `waveform` is mono at 16 kHz, -1..1. Raises StudioError('bad-audio') when it is empty.
   */
  async drive(waveform: Float32Array, fps: number, frames: number): Promise<Float32Array> {
    const raw = await this.expression100(waveform);
    const sigma = (SMOOTHING_FRAMES / Math.max(fps, SMOOTHING_RATE)) * ROW_RATE;
    const smooth = smoothRows(raw, EXPRESSIONS, sigma, closures(this.#rig, raw));
    const lle = new LleProjection(this.#rig.lleBank);
    const { expressionLow, expressionHigh } = this.#rig;
    const spoken = new Float32Array(frames * EXPRESSIONS);
    for (let frame = 0; frame < frames; frame++) {
      const row = spoken.subarray(frame * EXPRESSIONS, (frame + 1) * EXPRESSIONS);
      sampleRow(smooth, EXPRESSIONS, (frame / fps + this.#bundle.manifest.speech.lagSeconds) * ROW_RATE, row);
      lle.project(row);
      for (let k = 0; k < EXPRESSIONS; k++) row[k] = Math.min(Math.max(row[k]!, expressionLow[k]!), expressionHigh[k]!);
    }
    return spoken;
  }

  /** Expressions [floor(N/160)+1, 64] at 100 Hz as the networks predict them. */
  async expression100(waveform: Float32Array): Promise<Float32Array> {
    if (waveform.length === 0) throw new StudioError({ code: 'bad-audio', message: 'There is no sound in this file.', hint: 'Choose a file with speech.' });
    const networks = await this.#open();
    try {
      const rows = Math.floor(waveform.length / ROW_SAMPLES) + 1;
      const result = new Float32Array(rows * EXPRESSIONS);
      for (let first = 0; first < rows; first += CHUNK_ROWS) {
        const begin = Math.max(first - CONTEXT_ROWS, 0);
        const end = Math.min(first + CHUNK_ROWS, rows);
        const piece = await networks.predict(waveform.subarray(begin * ROW_SAMPLES, (end + CONTEXT_ROWS) * ROW_SAMPLES));
        result.set(piece.subarray((first - begin) * EXPRESSIONS, (end - begin) * EXPRESSIONS), first * EXPRESSIONS);
      }
      return result;
    } finally {
      await networks.close();
    }
  }

  async #open(): Promise<{ predict(piece: Float32Array): Promise<Float32Array>; close(): Promise<void> }> {
    const speech = await openSession(this.#bundle, 'speech.onnx', this.#threads);
    const motion = await openSession(this.#bundle, 'motion.onnx', this.#threads);
    const width = this.#bundle.manifest.speech.features;
    return {
      async predict(piece) {
        const padded = piece.length >= LEAST_SAMPLES ? piece : new Float32Array(LEAST_SAMPLES);
        if (padded !== piece) padded.set(piece);
        try {
          const { features } = await speech.run({ waveform: new Tensor('float32', padded, [1, padded.length]) }, ['features']);
          if (features!.dims[2] !== width) throw new Error(`features [${features!.dims.join(', ')}], the manifest says ${width}`);
          const { expression } = await motion.run({ features: features! }, ['expression']);
          const rows = Math.floor(padded.length / ROW_SAMPLES) + 1;
          if (expression!.dims.join() !== `1,${rows},${EXPRESSIONS}`) throw new Error(`expression [${expression!.dims.join(', ')}] for ${rows} rows`);
          return (expression!.data as Float32Array).subarray(0, (Math.floor(piece.length / ROW_SAMPLES) + 1) * EXPRESSIONS);
        } catch (cause) {
          throw badBundle("The avatar's speech models do not fit the format.", String(cause), cause);
        }
      },
      async close() {
        await Promise.all([speech.release(), motion.release()]);
      },
    };
  }
}
