import { StudioError } from '../../../shared/contract/index.ts';
import { SILENCE, soundBytes } from './sound-bytes.ts';
import type { MediaTools } from './tools.ts';

export interface SoundMeasure {
  /** Its level (RMS) below full scale; null where nothing can be heard, or nothing decoded. */
  readonly decibels: number | null;
  /** Its two channels are the same with opposite signs: mixed as they are, they would cancel each other out. */
  readonly opposite: boolean;
}

/** Hz: enough for loudness and phase of speech. */
const RATE = 8000;
/** Of a longer sound this much says what it is, seconds. */
const LISTENED = 600;
/** Of the channels' own energy; channels that have nothing in common leave all of it in their sum. */
const CANCELLED = 0.1;

/** Listens to one sound of a file. Raises StudioError('interrupted' | 'missing-tool' | 'cancelled'). */
export async function measureSound(
  tools: MediaTools,
  path: string,
  index: number,
  signal?: AbortSignal,
): Promise<SoundMeasure> {
  let [sum, own, count, peak] = [0, 0, 0, 0];
  const options = ['-ac', '2', '-ar', String(RATE), '-f', 's16le'];
  const track = { index, opposite: false };
  const request = { track, before: ['-t', String(LISTENED)], options, signal };
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of soundBytes(tools, path, request)) {
      const bytes = Buffer.concat([rest, chunk]);
      const whole = bytes.length - (bytes.length % 4);
      rest = bytes.subarray(whole);
      const samples = new Int16Array(Uint8Array.from(bytes.subarray(0, whole)).buffer);
      for (let k = 0; k < samples.length; k += 2) {
        const [left, right] = [samples[k]! / 32768, samples[k + 1]! / 32768];
        sum += (left + right) ** 2;
        own += left ** 2 + right ** 2;
        peak = Math.max(peak, Math.abs(left), Math.abs(right));
      }
      count += samples.length;
    }
  } catch (error) {
    // What cannot be decoded cannot be heard; that it is broken is said where it is wanted.
    if (!(error instanceof StudioError) || (error.code !== 'bad-audio' && error.code !== 'no-audio')) throw error;
  }
  const silent = count === 0 || peak < SILENCE;
  return {
    decibels: silent ? null : 10 * Math.log10(own / count),
    opposite: !silent && sum < CANCELLED * own,
  };
}
