import { setImmediate as turn } from 'node:timers/promises';
import { Tensor } from 'onnxruntime-node';
import { StudioError } from '../../../../shared/contract/index.ts';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { HEARD_COLUMNS, HUBERT_MOTION_FILE, badBundle, type Bundle, openSessions, type Rig } from '../bundle/index.ts';
import { sampleRow, smoothRows } from '../numbers/sampling.ts';
import type { Network } from '../providers/index.ts';
import { type Accents, findAccents, heardOf, TOLD_FROM_WIDTH } from './accents.ts';
import { closures } from './aperture.ts';
import { atFeatureRate, type HubertEar } from './hubert-ear.ts';
import { LleProjection } from './lle.ts';
import { refuseNonsense } from './nonsense.ts';
import { framePitch } from './pitch.ts';
import { type Span, ToldClosures } from './told-closures.ts';
import { isLively, LATENT_ROWS, noShift, shiftOf, type Variation, VARIATION_FILE } from './variation.ts';

export const SPEECH_FILES = ['speech.onnx', 'motion.onnx', HUBERT_MOTION_FILE, VARIATION_FILE] as const;
/** Hz; what the networks hear. */
export const SPEECH_RATE = 16_000;
const ROW_RATE = 100;
const ROW_SAMPLES = SPEECH_RATE / ROW_RATE;
/** Long sound is heard in pieces of this many rows, so that memory stays bounded. */
const CHUNK_ROWS = 188 * LATENT_ROWS;
/**
 * What a piece hears of its neighbours on each side, so that pieces equal the whole: level statistics reach 6 s twice,
 * the encoder and the motion network less than half a second (CONTEXT_SECONDS of the trainer's speech graph), the
 * variation
 * 2.7 s; and a margin.
 */
const CONTEXT_ROWS = 100 * LATENT_ROWS;
/** A sound of so many seconds has a piece that is as long as any. */
export const LONGEST_PIECE_WITHIN = (2 * CHUNK_ROWS + CONTEXT_ROWS) / ROW_RATE;
/** Shorter sound is padded with silence to what the spectrum needs. */
const LEAST_SAMPLES = SPEECH_RATE;
const SMOOTHING_FRAMES = 0.6;
/** Frame rate that the smoothing is measured at: more frames a second must not mean less smoothing in time. */
const SMOOTHING_RATE = 25;

/** Frames of video between two looks at what else is to be done: pictures are drawn meanwhile. */
const FRAMES_A_TURN = 50;
const PITCHES = 2; // octaves above 50 Hz, voicing 0..1

/** What the networks hear in a sound, at 100 Hz; T = floor(N / 160) + 1 rows. */
export interface Heard {
  readonly expression: Float32Array; // [T,64]
  readonly pitch: Float32Array; // [T,2] octaves above 50 Hz, voicing 0..1
  readonly told: Float32Array; // [T,3] what accents are found in; nothing of avatars whose features do not hold it
}

export interface Hearing {
  /** Another mouth than the likely one; the avatar must hold a `variation.onnx`. */
  readonly variation?: Variation | undefined;
  /** Where it is known that the lips meet, seconds of the sound. */
  readonly closures?: readonly Span[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a sound makes of each frame. */
export interface Spoken {
  readonly expression: Float32Array; // [frames,64]
  readonly pitch: Float32Array; // [frames] Hz; NaN where it is unvoiced
  /** Of the whole sound, on the picture's clock. */
  readonly accents: Accents;
}

/** Turns speech into expressions with the avatar's own networks (docs/formats.md, "Speech drive"). */
export class SpeechDrive {
  readonly #bundle: Bundle;
  readonly #rig: Rig;
  readonly #threads: number;
  readonly #ear: HubertEar | undefined;

  /** `ear`: what hears beside the embedded encoder, of an avatar that was trained with it. */
  constructor(bundle: Bundle, rig: Rig, threads: number, ear?: HubertEar) {
    this.#bundle = bundle;
    this.#rig = rig;
    this.#threads = threads;
    this.#ear = ear;
  }

  /**
   * Expressions and pitch of frames at k/fps seconds, before the eyes' part is taken from the idle motion. `waveform`
   * is mono at 16 kHz, -1..1. Raises StudioError('bad-audio') when it is empty, and the signal's reason.
   */
  async drive(waveform: Float32Array, fps: number, frames: number, hearing: Hearing = {}): Promise<Spoken> {
    const { closures: known = [], signal } = hearing;
    const { expression: heard, pitch, told } = await this.hear(waveform, hearing);
    const raw = known.length === 0 ? heard : new ToldClosures(this.#rig).of(heard, ROW_RATE, known, 1 / fps);
    const sigma = (SMOOTHING_FRAMES / Math.max(fps, SMOOTHING_RATE)) * ROW_RATE;
    const smooth = smoothRows(raw, EXPRESSIONS, sigma, closures(this.#rig, raw));
    const lle = new LleProjection(this.#rig.lleBank);
    const { expressionLow, expressionHigh } = this.#rig;
    const spoken = new Float32Array(frames * EXPRESSIONS);
    for (let frame = 0; frame < frames; frame++) {
      if (frame % FRAMES_A_TURN === FRAMES_A_TURN - 1) await turn();
      signal?.throwIfAborted();
      const row = spoken.subarray(frame * EXPRESSIONS, (frame + 1) * EXPRESSIONS);
      sampleRow(smooth, EXPRESSIONS, (frame / fps + this.#bundle.manifest.speech.lagSeconds) * ROW_RATE, row);
      lle.project(row);
      for (let k = 0; k < EXPRESSIONS; k++) row[k] = Math.min(Math.max(row[k]!, expressionLow[k]!), expressionHigh[k]!);
    }
    return {
      expression: spoken,
      pitch: framePitch(pitch, fps, frames),
      accents: findAccents(told, -this.#bundle.manifest.speech.lagSeconds),
    };
  }

  /** Row by row as the networks predict it. */
  async hear(waveform: Float32Array, { variation, signal }: Hearing = {}): Promise<Heard> {
    if (waveform.length === 0)
      throw new StudioError({
        code: 'bad-audio',
        message: 'There is no sound in this file.',
        hint: 'Choose a file with speech.',
      });
    const beside = await this.#ear?.(waveform, signal);
    const networks = await this.#open(variation && isLively(variation) ? variation : undefined, beside);
    try {
      const rows = Math.floor(waveform.length / ROW_SAMPLES) + 1;
      const result = {
        expression: new Float32Array(rows * EXPRESSIONS),
        pitch: new Float32Array(rows * PITCHES),
        told: new Float32Array(this.#bundle.manifest.speech.features >= TOLD_FROM_WIDTH ? rows * HEARD_COLUMNS : 0),
      };
      for (let first = 0; first < rows; first += CHUNK_ROWS) {
        signal?.throwIfAborted();
        const begin = Math.max(first - CONTEXT_ROWS, 0);
        const end = Math.min(first + CHUNK_ROWS, rows);
        const piece = await networks.predict(
          waveform.subarray(begin * ROW_SAMPLES, (end + CONTEXT_ROWS) * ROW_SAMPLES),
          begin,
        );
        result.expression.set(
          piece.expression.subarray((first - begin) * EXPRESSIONS, (end - begin) * EXPRESSIONS),
          first * EXPRESSIONS,
        );
        if (result.told.length > 0)
          result.told.set(
            piece.told.subarray((first - begin) * HEARD_COLUMNS, (end - begin) * HEARD_COLUMNS),
            first * HEARD_COLUMNS,
          );
        result.pitch.set(piece.pitch.subarray((first - begin) * PITCHES, (end - begin) * PITCHES), first * PITCHES);
      }
      return result;
    } finally {
      await networks.close();
    }
  }

  /** `beside`: what HuBERT hears in the whole sound, where the motion is to follow that. */
  async #open(
    variation: Variation | undefined,
    beside: Float32Array | undefined,
  ): Promise<{ predict(piece: Float32Array, begin: number): Promise<Heard>; close(): Promise<void> }> {
    const motionFile = beside ? HUBERT_MOTION_FILE : 'motion.onnx';
    const sessions = await openSessions(
      this.#bundle,
      ['speech.onnx', motionFile, ...(variation ? [VARIATION_FILE] : [])],
      { threads: this.#threads },
    );
    const [speech, motion, varying] = sessions as [Network, Network, Network?];
    const close = async (): Promise<void> => {
      await Promise.all(sessions.map((session) => session.release()));
    };
    const { features: width, hubert } = this.#bundle.manifest.speech;
    const shifted = motion.inputNames.includes('shift');
    if (variation && !shifted) {
      await close();
      throw badBundle(
        `The avatar's model ${motionFile} does not fit the format.`,
        `It takes no shift, which ${VARIATION_FILE} gives.`,
      );
    }
    return {
      async predict(piece, begin) {
        const padded = piece.length >= LEAST_SAMPLES ? piece : new Float32Array(LEAST_SAMPLES);
        if (padded !== piece) padded.set(piece);
        try {
          const { features, pitch } = await speech.run(
            { waveform: new Tensor('float32', padded, [1, padded.length]) },
            ['features', 'pitch'],
          );
          if (features!.dims[2] !== width)
            throw new Error(`features [${features!.dims.join(', ')}], the manifest says ${width}`);
          const rows = Math.floor(padded.length / ROW_SAMPLES) + 1;
          const shift: Record<string, Tensor> = variation
            ? { shift: await shiftOf(varying!, features!, variation, begin) }
            : shifted
              ? { shift: noShift(rows) }
              : {};
          const heardBeside: Record<string, Tensor> =
            beside && hubert ? { hubert: atFeatureRate(beside, hubert.size, begin, rows) } : {};
          const { expression } = await motion.run({ features: features!, ...heardBeside, ...shift }, ['expression']);
          if (expression!.dims.join() !== `1,${rows},${EXPRESSIONS}`)
            throw new Error(`expression [${expression!.dims.join(', ')}] for ${rows} rows`);
          if (pitch!.dims.join() !== `1,${rows},${PITCHES}`)
            throw new Error(`pitch [${pitch!.dims.join(', ')}] for ${rows} rows`);
          for (const [name, tensor] of Object.entries({ features, pitch, expression }))
            refuseNonsense(name, tensor!.data);
          const heard = Math.floor(piece.length / ROW_SAMPLES) + 1;
          const told = heardOf((features!.data as Float32Array).subarray(0, heard * width), width);
          return {
            expression: (expression!.data as Float32Array).subarray(0, heard * EXPRESSIONS),
            told,
            pitch: (pitch!.data as Float32Array).subarray(0, heard * PITCHES),
          };
        } catch (cause) {
          throw badBundle("The avatar's speech models do not fit the format.", String(cause), cause);
        }
      },
      close,
    };
  }
}
