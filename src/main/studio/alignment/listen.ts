import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { StudioError } from '../../../shared/contract/index.ts';
import { SPEECH_RATE } from '../engine/index.ts';

/** Numbers of a row: hidden features of the speech encoder's first tower. Three towers are no nearer to the words. */
export const FEATURES = 96;
/** Rows a second that are compared: half of what the encoder gives. */
export const ROW_RATE = 50;

/** What the speech encoder hears in a sound. */
export interface Heard {
  /** [rows,96] at 50 Hz, what is usual in this sound taken off, of length 1: voice and room are gone, phones stay. */
  readonly features: Float32Array;
  /** [rows] 0 at 20 dB under the loudest of the surroundings or less, 1 at the loudest. */
  readonly level: Float32Array;
  /** Rows in which there is sound at all. */
  readonly sounding: number;
}

export interface ListenRequest {
  /** The folder of what ships with the program. */
  readonly resources: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

/** Columns of the speech graph's rows (`Layout` in the trainer's speech/sizes.py). */
const [WIDTH, LEVEL, PRESENCE] = [297, 293, 294];
const ENCODER_ROW = SPEECH_RATE / 100; // samples
/** Long sound is heard in pieces of a minute, with what they hear of their neighbours (CONTEXT_SECONDS there). */
const PIECE = 6000; // the encoder's rows
const CONTEXT = 1300;
const LEAST_DEVIATION = 1e-3;

/**
 * Hears mono sound at 16 kHz, -1..1, with the general speech graph. Raises StudioError('missing-tool') when that is
 * damaged, and the signal's reason.
 */
export async function listen(
  waveform: Float32Array,
  { resources, threads, signal, onProgress }: ListenRequest,
): Promise<Heard> {
  const session = await openListener(join(resources, 'speech', 'listener.onnx'), threads);
  try {
    const rows = Math.max(2, Math.floor(waveform.length / ENCODER_ROW / 2) * 2);
    const padded = waveform.length < SPEECH_RATE ? withSilence(waveform) : waveform;
    const features = new Float32Array((rows / 2) * FEATURES);
    const level = new Float32Array(rows / 2);
    const present = new Float32Array(rows / 2);
    for (let first = 0; first < rows; first += PIECE) {
      signal.throwIfAborted();
      onProgress?.(first / rows);
      await turn();
      const begin = Math.max(0, first - CONTEXT);
      const end = Math.min(rows, first + PIECE);
      const piece = padded.subarray(begin * ENCODER_ROW, Math.max((end + CONTEXT) * ENCODER_ROW, SPEECH_RATE));
      const heard = (await session.run({ waveform: new Tensor('float32', piece, [1, piece.length]) }))['features']!;
      const values = heard.data as Float32Array;
      const mean = (row: number, column: number): number =>
        (values[(row - begin) * WIDTH + column]! + values[(row + 1 - begin) * WIDTH + column]!) / 2;
      for (let row = first; row < end; row += 2) {
        for (let k = 0; k < FEATURES; k++) features[(row / 2) * FEATURES + k] = mean(row, k);
        level[row / 2] = Math.min(Math.max(mean(row, LEVEL), 0), 1);
        present[row / 2] = mean(row, PRESENCE);
      }
    }
    const sounding = present.reduce((sum, value) => sum + (value > 0.5 ? 1 : 0), 0);
    normalise(features, present);
    return { features, level, sounding };
  } finally {
    await session.release();
  }
}

async function openListener(path: string, threads: number): Promise<InferenceSession> {
  const { InferenceSession: Sessions } = await import('onnxruntime-node');
  return Sessions.create(path, { intraOpNumThreads: threads, enableCpuMemArena: false, logSeverityLevel: 3 }).catch(
    (cause: Error) => {
      throw new StudioError(
        {
          code: 'missing-tool',
          message: 'What listens to speech does not run.',
          hint: 'Install Likeness again.',
          detail: cause.message,
        },
        { cause },
      );
    },
  );
}

/** The spectrum needs a second of sound. */
function withSilence(waveform: Float32Array): Float32Array {
  const padded = new Float32Array(SPEECH_RATE);
  padded.set(waveform);
  return padded;
}

/** Takes mean and deviation of the rows with sound off every column, and makes every row one of length 1; in place. */
function normalise(features: Float32Array, present: Float32Array): void {
  const rows = present.length;
  const sum = new Float64Array(FEATURES);
  const squares = new Float64Array(FEATURES);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (present[row]! <= 0.5) continue;
    count++;
    for (let k = 0; k < FEATURES; k++) {
      const value = features[row * FEATURES + k]!;
      sum[k]! += value;
      squares[k]! += value * value;
    }
  }
  const mean = sum.map((one) => one / Math.max(1, count));
  const gain = squares.map(
    (one, k) => 1 / Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, one / Math.max(1, count) - mean[k]! ** 2))),
  );
  for (let row = 0; row < rows; row++) {
    const values = features.subarray(row * FEATURES, (row + 1) * FEATURES);
    let length = 0;
    for (let k = 0; k < FEATURES; k++) {
      values[k] = (values[k]! - mean[k]!) * gain[k]!;
      length += values[k]! ** 2;
    }
    const scale = 1 / Math.max(LEAST_DEVIATION, Math.sqrt(length));
    for (let k = 0; k < FEATURES; k++) values[k]! *= scale;
  }
}
