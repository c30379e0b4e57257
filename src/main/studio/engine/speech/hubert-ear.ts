import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { StudioError } from '../../../../shared/contract/index.ts';
import { runtimeOptions } from '../bundle/index.ts';
import { sampleRow } from '../numbers/sampling.ts';
import { refuseNonsense } from './nonsense.ts';

/** Rows [R,size] at 25 Hz of mono sound at 16 kHz. Rejects with the signal's reason. */
export type HubertEar = (waveform: Float32Array, signal?: AbortSignal) => Promise<Float32Array>;

/** HuBERT answers 50 rows a second, each of 25 ms; its graph gives the mean of each two. */
const ROW_SAMPLES = 320;
const RECEPTIVE_FIELD = 400;
const ROW_RATE = 25;
/** Of the first pair of rows. */
const CENTRE_SECONDS = 0.0225;
/**
 * Long sound is heard in pieces of this many rows of 20 ms with that many on both sides, as it was when the mouth was
 * fitted: attention grows with the square of the length. Both are even, so that pairs stay pairs.
 */
const CHUNK_ROWS = 1000;
const CONTEXT_ROWS = 200;
const SMALLEST_VARIANCE = 1e-7;

/**
 * Hears with the graph in a file (the trainer's `speech/hubert_graph.py`), which is opened for each sound: its weights
 * take a gigabyte. Raises StudioError('bad-checkpoint') when it cannot be run.
 */
export function hubertEar(graph: string, size: number, threads: number): HubertEar {
  return async (waveform, signal) => {
    const { InferenceSession: Sessions } = await import('onnxruntime-node');
    let session: InferenceSession | undefined;
    try {
      session = await Sessions.create(graph, runtimeOptions({ threads }));
      return await heard(session, waveform, size, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      throw unusable(cause);
    } finally {
      await session?.release();
    }
  };
}

/** What HuBERT hears at `rows` moments 10 ms apart from row `first` of the features on: [1,rows,size]. */
export function atFeatureRate(heardRows: Float32Array, size: number, first: number, rows: number): Tensor {
  const sampled = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++)
    sampleRow(
      heardRows,
      size,
      ((first + row) / 100 - CENTRE_SECONDS) * ROW_RATE,
      sampled.subarray(row * size, (row + 1) * size),
    );
  return new Tensor('float32', sampled, [1, rows, size]);
}

async function heard(
  session: InferenceSession,
  waveform: Float32Array,
  size: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const sound = standardised(waveform);
  const total = Math.floor((sound.length - RECEPTIVE_FIELD) / ROW_SAMPLES) + 1;
  const result = new Float32Array(Math.floor(total / 2) * size);
  for (let first = 0; first < total - 1; first += CHUNK_ROWS) {
    signal?.throwIfAborted();
    const begin = Math.max(first - CONTEXT_ROWS, 0);
    const end = Math.min(first + CHUNK_ROWS + CONTEXT_ROWS, total);
    const piece = sound.slice(begin * ROW_SAMPLES, (end - 1) * ROW_SAMPLES + RECEPTIVE_FIELD);
    const { rows } = await session.run({ waveform: new Tensor('float32', piece, [1, piece.length]) }, ['rows']);
    const count = Math.floor((end - begin) / 2);
    if (rows!.dims.join() !== `1,${count},${size}`)
      throw new RangeError(`rows [${rows!.dims.join(', ')}], expected [1, ${count}, ${size}]`);
    const values = rows!.data as Float32Array;
    refuseNonsense('rows', values);
    const from = (first - begin) / 2;
    const own = Math.min(CHUNK_ROWS / 2, count - from);
    result.set(values.subarray(from * size, (from + own) * size), (first / 2) * size);
  }
  return result;
}

/** Of mean 0 and deviation 1, and long enough for a pair of rows. */
function standardised(waveform: Float32Array): Float32Array {
  const mean = waveform.reduce((sum, value) => sum + value, 0) / waveform.length;
  const variance = waveform.reduce((sum, value) => sum + (value - mean) ** 2, 0) / waveform.length;
  const deviation = Math.sqrt(variance + SMALLEST_VARIANCE);
  const sound = new Float32Array(Math.max(waveform.length, RECEPTIVE_FIELD + ROW_SAMPLES));
  for (let k = 0; k < waveform.length; k++) sound[k] = (waveform[k]! - mean) / deviation;
  return sound;
}

function unusable(cause: unknown): StudioError {
  return new StudioError(
    {
      code: 'bad-checkpoint',
      message: 'HuBERT cannot be run on this computer.',
      hint: 'Add its file again in the settings under Models, or with "likeness models add".',
      detail: String(cause),
    },
    { cause },
  );
}
