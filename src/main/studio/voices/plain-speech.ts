import { StudioError } from '../../../shared/contract/index.ts';
import { sayable, sentencesOf, type SpeechTimes, type SpokenWord } from '../../../shared/domain/script/index.ts';
import { WaveWriter } from '../media/index.ts';
import { clausesOf } from './clauses.ts';
import { foreignWord } from './letters.ts';
import { ESPEAK_RATE, Reader } from './phonemes.ts';
import { requireReadable } from './say.ts';

export interface PlainSpeechRequest {
  readonly text: string;
  /** As espeak calls it. */
  readonly language: string;
  /** A WAV file that is written here, under a passing name of the caller's. */
  readonly wave: string;
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/**
 * A text as eSpeak NG itself says it: no voice has to be there, and nobody is to listen to it but a program that looks
 * for its words. Raises StudioError('bad-request' | 'missing-tool' | 'disk-full'), or the signal's reason.
 */
export async function plainSpeech({
  text,
  language,
  wave,
  signal,
  onProgress,
}: PlainSpeechRequest): Promise<SpeechTimes> {
  requireReadable(text);
  const script = sayable(text);
  const foreign = foreignWord(script, language);
  if (foreign !== undefined)
    throw new StudioError({
      code: 'bad-request',
      message: `"${foreign.slice(0, 40)}" is not written in the letters of the language "${language}".`,
      hint: 'Choose the language that is spoken.',
    });
  const reader = new Reader(language);
  let writer: WaveWriter | undefined;
  try {
    writer = await WaveWriter.create(wave, { rate: ESPEAK_RATE, channels: 1 });
    const words: SpokenWord[] = [];
    let samples = 0;
    const sentences = sentencesOf(script);
    for (const [k, sentence] of sentences.entries()) {
      onProgress(k / sentences.length);
      for (const { pcm, words: said } of await reader.speak(clausesOf(sentence.text), signal)) {
        const begin = samples / ESPEAK_RATE;
        for (const { word, from, to } of said)
          words.push({ text: word.text, at: sentence.at + word.at, from: begin + from, to: begin + to });
        await writer.writePcm(pcm);
        samples += pcm.length;
      }
    }
    await writer.finish();
    return { seconds: samples / ESPEAK_RATE, words, phones: [] };
  } catch (error) {
    await writer?.abort();
    throw error;
  } finally {
    await reader.close();
  }
}
