import { StudioError } from '../../../shared/contract/index.ts';
import {
  sayable,
  type Script,
  type Sentence,
  sentencesOf,
  type SpeechTimes,
  type SpokenPhone,
  type SpokenWord,
  unreadable,
} from '../../../shared/domain/script/index.ts';
import { WaveWriter } from '../media/index.ts';
import { foreignWord } from './letters.ts';
import { Speaker } from './speaker.ts';
import { type KeptSentence, SpokenSentences } from './spoken.ts';
import type { VoiceFiles } from './voices.ts';

export interface SayRequest {
  readonly voice: VoiceFiles;
  readonly script: Script;
  /** A WAV file that is written here, under a passing name of the caller's. */
  readonly wave: string;
  /** Where sentences are kept. */
  readonly folder: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}
export interface Said {
  readonly times: SpeechTimes;
  readonly sentences: number;
  /** Of them, those that had not been spoken before. */
  readonly anew: number;
}

/** Raises StudioError('bad-request') for a text that no voice speaks. */
export function requireReadable(text: string): void {
  const reason = unreadable(text);
  if (reason) throw new StudioError({ code: 'bad-request', ...reason });
}

/**
 * Speaks a script: each sentence that was not spoken before, and pauses between them. Raises StudioError('bad-request'
 * | 'missing-tool' | 'disk-full'), or the signal's reason.
 */
export async function say({ voice, script, wave, folder, threads, signal, onProgress }: SayRequest): Promise<Said> {
  requireReadable(script.text);
  const text = sayable(script.text);
  const foreign = foreignWord(text, voice.language);
  if (foreign !== undefined)
    throw new StudioError({
      code: 'bad-request',
      message: `This voice speaks "${voice.language}" and cannot read "${foreign.slice(0, 40)}".`,
      hint: 'Write it in letters of that language, or choose another voice.',
    });
  const sentences = sentencesOf(text).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence.text));
  const spoken = new SpokenSentences(folder);
  const speaker = new LateSpeaker(voice, threads);
  let writer: WaveWriter | undefined;
  try {
    writer = await WaveWriter.create(wave, { rate: voice.rate, channels: 1 });
    const whole = new Whole(writer, voice.rate);
    let anew = 0;
    for (const [k, sentence] of sentences.entries()) {
      signal.throwIfAborted();
      onProgress(k, sentences.length);
      const saying = { voice: voice.sha256, speed: script.speed, sentence: sentence.text };
      let kept = await spoken.find(saying);
      if (!kept) {
        kept = await spoken.keep(
          saying,
          await (await speaker.open()).speak(sentence.text, script.speed, signal),
          voice.rate,
        );
        anew++;
      }
      await whole.add(sentence, kept);
      if (k < sentences.length - 1) await whole.pause(script.pause * (sentence.ends ? 2 : 1));
    }
    await writer.finish();
    await spoken.trim();
    onProgress(sentences.length, sentences.length);
    return { times: whole.times, sentences: sentences.length, anew };
  } catch (error) {
    await writer?.abort();
    throw error;
  } finally {
    await speaker.close();
  }
}

/** The voice is opened when there is something new to say: that takes a second. */
class LateSpeaker {
  readonly #voice: VoiceFiles;
  readonly #threads: number;
  #speaker: Promise<Speaker> | undefined;

  constructor(voice: VoiceFiles, threads: number) {
    this.#voice = voice;
    this.#threads = threads;
  }

  open(): Promise<Speaker> {
    return (this.#speaker ??= Speaker.open(this.#voice.model, this.#voice.config, this.#threads));
  }

  async close(): Promise<void> {
    const speaker = await this.#speaker?.catch(() => undefined);
    await speaker?.close();
  }
}

/** The sound of a script as it grows, and when what of it is said. */
class Whole {
  readonly #writer: WaveWriter;
  readonly #rate: number;
  readonly #words: SpokenWord[] = [];
  readonly #phones: SpokenPhone[] = [];
  #samples = 0;

  constructor(writer: WaveWriter, rate: number) {
    this.#writer = writer;
    this.#rate = rate;
  }

  get times(): SpeechTimes {
    return { seconds: this.#samples / this.#rate, words: this.#words, phones: this.#phones };
  }

  async add({ at }: Sentence, { pcm, times }: KeptSentence): Promise<void> {
    const begin = this.#samples / this.#rate;
    const later = <Part extends { from: number; to: number }>(part: Part): Part => ({
      ...part,
      from: part.from + begin,
      to: part.to + begin,
    });
    this.#words.push(...times.words.map((word) => ({ ...later(word), at: word.at + at })));
    this.#phones.push(...times.phones.map(later));
    await this.#write(pcm);
  }

  async pause(seconds: number): Promise<void> {
    await this.#write(new Int16Array(Math.round(seconds * this.#rate)));
  }

  async #write(pcm: Int16Array): Promise<void> {
    this.#samples += pcm.length;
    await this.#writer.writePcm(pcm);
  }
}
