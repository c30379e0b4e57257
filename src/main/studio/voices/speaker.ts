import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { SpeechTimes } from '../../../shared/domain/script/index.ts';
import { clausesOf } from './clauses.ts';
import { type Phonemes, Reader } from './phonemes.ts';
import { DURATIONS, noVoice, openVoice, readVoiceConfig, type VoiceConfig } from './voice-file.ts';

/** A sentence that was spoken: mono samples, -1..1, at the voice's rate; the words' places are in the sentence. */
export interface SpokenSentence extends SpeechTimes {
  readonly samples: Float32Array;
}

/** Seconds; a sentence has 300 characters at most. */
const LONGEST_SENTENCE = 600;
const [BEGIN, END, FILLER] = ['^', '$', '_'];

/** A voice that is open: text becomes sound, and when each phoneme is said (VITS; Kim, Kong and Son 2021). */
export class Speaker {
  readonly config: VoiceConfig;
  readonly #session: InferenceSession;
  readonly #reader: Reader;

  private constructor(config: VoiceConfig, session: InferenceSession) {
    this.config = config;
    this.#session = session;
    this.#reader = new Reader(config.espeak.voice);
  }

  /** Raises StudioError('bad-request') for files that are no voice. */
  static async open(model: string, config: string, threads: number): Promise<Speaker> {
    const known = await readVoiceConfig(config);
    return new Speaker(known, await openVoice(model, threads));
  }

  /** Raises StudioError('missing-tool' | 'bad-request'), or the signal's reason. */
  async speak(sentence: string, speed: number, signal?: AbortSignal): Promise<SpokenSentence> {
    const clauses = clausesOf(sentence);
    const phonemes = await this.#reader.read(clauses, signal);
    const { samples, frames } = await this.#run(phonemes, speed);
    const written = clauses.flatMap(({ words }) => words);
    return { samples, ...timesOf(phonemes, frames, written, samples.length / this.config.audio.sample_rate) };
  }

  async close(): Promise<void> {
    await this.#reader.close();
    await this.#session.release();
  }

  /** `frames`: how long each symbol is, with what is before the first and behind the last. */
  async #run(
    { symbols }: Phonemes,
    speed: number,
  ): Promise<{ readonly samples: Float32Array; readonly frames: readonly number[] }> {
    const { Tensor: Tensors } = await import('onnxruntime-node');
    const { inference, num_speakers } = this.config;
    const { ids, owners } = idsOf(symbols, this.config.phoneme_id_map);
    const whole = (values: readonly number[], shape: readonly number[]): Tensor =>
      new Tensors('int64', BigInt64Array.from(values, BigInt), shape);
    const scales = [inference.noise_scale, inference.length_scale / speed, inference.noise_w];
    const inputs = {
      input: whole(ids, [1, ids.length]),
      input_lengths: whole([ids.length], [1]),
      scales: new Tensors('float32', Float32Array.from(scales), [3]),
      ...(num_speakers > 1 ? { sid: whole([0], [1]) } : {}),
    };
    const answer = await this.#session.run(inputs).catch((cause: Error) => Promise.reject(noVoice(cause.message)));
    const samples = answer[this.#session.outputNames[0]!]!.data;
    const durations = answer[DURATIONS]!.data;
    if (!(samples instanceof Float32Array) || !(durations instanceof Float32Array) || durations.length !== ids.length)
      throw noVoice('It answers something else than sound and durations.');
    const longest = LONGEST_SENTENCE * this.config.audio.sample_rate;
    if (samples.length === 0 || samples.length > longest || !samples.every(Number.isFinite))
      throw noVoice('Its sound is none.');
    if (!durations.every((count) => count >= 0 && count < Infinity) || !durations.some((count) => count > 0))
      throw noVoice('Its phonemes have no durations.');
    const frames = Array.from({ length: symbols.length + 2 }, () => 0);
    for (const [k, duration] of durations.entries()) frames[owners[k]! + 1]! += duration;
    return { samples, frames };
  }
}

/** The voice's numbers of symbols, a filler behind each; `owners`: whose each is, -1 and the last before and behind. */
export function idsOf(
  symbols: readonly string[],
  map: VoiceConfig['phoneme_id_map'],
): { readonly ids: readonly number[]; readonly owners: readonly number[] } {
  const ids: number[] = [];
  const owners: number[] = [];
  const put = (symbol: string, owner: number): void => {
    for (const id of map[symbol]!) {
      ids.push(id);
      owners.push(owner);
    }
  };
  put(BEGIN!, -1);
  put(FILLER!, -1);
  for (const [k, symbol] of symbols.entries()) {
    if (!Object.hasOwn(map, symbol)) continue; // the voice was not taught it
    put(symbol, k);
    put(FILLER!, k);
  }
  put(END!, symbols.length);
  return { ids, owners };
}

/**
 * Seconds of words and phonemes, from frames of all of it. A space is the beginning of the word behind it: where words
 * follow on each other, none is silent (an aligner that hears the sound says the same, on 80 words).
 */
export function timesOf(
  { symbols, words }: Phonemes,
  frames: readonly number[],
  written: readonly { readonly text: string; readonly at: number }[],
  seconds: number,
): SpeechTimes {
  const perFrame = seconds / frames.reduce((sum, count) => sum + count, 0);
  const ends: number[] = [];
  for (const [k, count] of frames.entries()) ends.push((ends[k - 1] ?? 0) + count * perFrame);
  const spans = symbols.map((symbol, k) => ({ symbol, from: ends[k]!, to: ends[k + 1]! }));
  const said = written.flatMap((word, place) => {
    const [first, last] = [words.indexOf(place), words.lastIndexOf(place)];
    if (first < 0) return [];
    const space = symbols[first - 1] === ' ' && (words[first - 2] ?? -1) >= 0 ? first - 1 : first;
    return [{ text: word.text, at: word.at, from: spans[space]!.from, to: spans[last]!.to }];
  });
  return { seconds, words: said, phones: spans.filter((_, k) => words[k]! >= 0) };
}
