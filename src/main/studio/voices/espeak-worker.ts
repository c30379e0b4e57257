/** The thread that reads text: eSpeak NG says nothing that is heard, but tells which phonemes each word has. */
import { parentPort } from 'node:worker_threads';
import type { Espeak } from '@echogarden/espeak-ng-emscripten';

/** Clauses to be read in a language, as espeak calls it. */
export interface Reading {
  readonly id: number;
  readonly language: string;
  readonly clauses: readonly string[];
}
/** IPA of one word, or of words that run together, and where in the clause that begins, characters. */
export interface ReadWord {
  readonly at: number;
  readonly ipa: string;
}
export type ReadingAnswer =
  | { readonly id: number; readonly clauses: readonly (readonly ReadWord[])[] }
  | { readonly id: number; readonly unknownLanguage: true };

let espeak: Promise<Espeak> | undefined;
let language: string | undefined;

parentPort!.on('message', (reading: Reading) => {
  void read(reading).then((answer) => parentPort!.postMessage(answer));
});

async function read({ id, language: wanted, clauses }: Reading): Promise<ReadingAnswer> {
  const reader = await (espeak ??= load());
  if (wanted !== language) {
    if (reader.set_voice(wanted) !== 0) return { id, unknownLanguage: true };
    language = wanted;
  }
  return { id, clauses: clauses.map((clause) => wordsOf(reader, clause)) };
}

/** Loaded when it is first wanted, so that a program that lacks the package does without. */
async function load(): Promise<Espeak> {
  const { default: module } = await import('@echogarden/espeak-ng-emscripten');
  const { eSpeakNGWorker: Reader } = await module();
  return new Reader();
}

function wordsOf(reader: Espeak, clause: string): ReadWord[] {
  const words: { at: number; ipa: string }[] = [];
  reader.synthesize(clause, (_, events) => {
    for (const { type, text_position: at, id } of events) {
      if (type === 'word') words.push({ at: at - 1, ipa: '' });
      else if (type === 'phoneme' && words.length > 0) words.at(-1)!.ipa += String(id);
    }
  });
  return words.filter(({ ipa }) => ipa !== '');
}
