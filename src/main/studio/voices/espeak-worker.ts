/** The thread that reads text: eSpeak NG tells which phonemes each word has, and says them where that is wanted. */
import { parentPort } from 'node:worker_threads';
import type { Espeak } from '@echogarden/espeak-ng-emscripten';

/** Clauses to be read in a language, as espeak calls it. */
export interface Reading {
  readonly id: number;
  readonly language: string;
  readonly clauses: readonly string[];
  /** Whether its sound is wanted too. */
  readonly aloud: boolean;
}
/**
 * IPA of one word, or of words that run together; where in the clause that begins, characters; and when in its sound
 * it is said, seconds.
 */
export interface ReadWord {
  readonly at: number;
  readonly ipa: string;
  readonly from: number;
  readonly to: number;
}
export interface ReadClause {
  readonly words: readonly ReadWord[];
  /** Mono, 22,050 Hz; empty unless it was wanted. */
  readonly pcm: Int16Array;
}
export type ReadingAnswer =
  | { readonly id: number; readonly clauses: readonly ReadClause[] }
  | { readonly id: number; readonly unknownLanguage: true };

let espeak: Promise<Espeak> | undefined;
let language: string | undefined;

parentPort!.on('message', (reading: Reading) => {
  void read(reading).then((answer) => parentPort!.postMessage(answer));
});

async function read({ id, language: wanted, clauses, aloud }: Reading): Promise<ReadingAnswer> {
  const reader = await (espeak ??= load());
  if (wanted !== language) {
    if (reader.set_voice(wanted) !== 0) return { id, unknownLanguage: true };
    language = wanted;
  }
  return { id, clauses: clauses.map((clause) => clauseOf(reader, clause, aloud)) };
}

/** Loaded when it is first wanted, so that a program that lacks the package does without. */
async function load(): Promise<Espeak> {
  const { default: module } = await import('@echogarden/espeak-ng-emscripten');
  const { eSpeakNGWorker: Reader } = await module();
  return new Reader();
}

function clauseOf(reader: Espeak, clause: string, aloud: boolean): ReadClause {
  const words: { at: number; ipa: string; from: number; to: number }[] = [];
  const pieces: Int16Array[] = [];
  let open = false; // the last word is still being said
  reader.synthesize(clause, (sound, events) => {
    if (aloud) pieces.push(sound.slice()); // its memory is the reader's
    for (const { type, text_position: at, audio_position: ms, id } of events) {
      const last = words.at(-1);
      if (last && open) last.to = ms / 1000;
      if (type === 'word') words.push({ at: at - 1, ipa: '', from: ms / 1000, to: ms / 1000 });
      if (type === 'phoneme' && last) last.ipa += String(id);
      if (type === 'word' || type === 'phoneme') open = type === 'word' || id !== '';
    }
  });
  const pcm = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    pcm.set(piece, at);
    at += piece.length;
  }
  return { words: words.filter(({ ipa }) => ipa !== ''), pcm };
}
