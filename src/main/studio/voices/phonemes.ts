import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Clause, Word } from './clauses.ts';
import type { ReadClause, ReadWord, Reading, ReadingAnswer } from './espeak-worker.ts';

/** What a voice is given for one sentence. */
export interface Phonemes {
  /** IPA characters, spaces between words and marks behind clauses. */
  readonly symbols: readonly string[];
  /** For each, the word it is said in, by its place among the sentence's words; -1 between them. */
  readonly words: readonly number[];
}

/** A clause as eSpeak NG itself says it, and when its words are said in it, in their order; seconds. */
export interface ClauseSound {
  readonly pcm: Int16Array; // mono, ESPEAK_RATE
  readonly words: readonly { readonly word: Word; readonly from: number; readonly to: number }[];
}
/** Hz. */
export const ESPEAK_RATE = 22_050;

/** Reads sentences as eSpeak NG does, in a thread of its own: it takes a tenth of a second for each. */
export class Reader {
  readonly #language: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<ReadingAnswer>>();
  #next = 0;
  /** Why it reads no more. */
  #failure: StudioError | undefined;

  /** `language` as espeak calls it. */
  constructor(language: string) {
    this.#language = language;
    this.#worker = new Worker(new URL(`./espeak-worker${extname(import.meta.url)}`, import.meta.url), {
      name: 'espeak',
    });
    this.#worker.on('message', (answer: ReadingAnswer) => {
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('It was closed.')));
    this.#worker.unref(); // an open reader keeps no program from its end
  }

  /** Raises StudioError('missing-tool' | 'bad-request') where it cannot be read, or the signal's reason. */
  async read(clauses: readonly Clause[], signal?: AbortSignal): Promise<Phonemes> {
    const read = await this.#ask(clauses, false, signal);
    return phonemesOf(
      clauses,
      read.map(({ words }) => words),
    );
  }

  /** The clauses aloud, in a voice of formants that nobody would choose to listen to. Raises as `read` does. */
  async speak(clauses: readonly Clause[], signal?: AbortSignal): Promise<ClauseSound[]> {
    const read = await this.#ask(clauses, true, signal);
    return read.map(({ pcm, words }, k) => ({ pcm, words: wordsAloud(clauses[k]!.words, words) }));
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(clauses: readonly Clause[], aloud: boolean, signal?: AbortSignal): Promise<readonly ReadClause[]> {
    signal?.throwIfAborted();
    if (this.#failure) throw this.#failure;
    const id = this.#next++;
    const waiting = Promise.withResolvers<ReadingAnswer>();
    this.#waiting.set(id, waiting);
    this.#worker.ref();
    const stop = (): void => waiting.reject(signal!.reason); // however long it would read on
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const texts = clauses.map(({ words }) => words.map(({ spoken }) => spoken).join(' '));
      this.#worker.postMessage({ id, language: this.#language, clauses: texts, aloud } satisfies Reading);
      const answer = await waiting.promise;
      if ('clauses' in answer) return answer.clauses;
      throw new StudioError({
        code: 'bad-request',
        message: `"${this.#language}" is a language that cannot be read here.`,
        hint: 'Choose another one, as "en-us", "de" or "fr".',
      });
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#waiting.delete(id);
      this.#worker.unref();
    }
  }

  #fail(cause: Error): void {
    const error = (this.#failure ??= new StudioError(
      {
        code: 'missing-tool',
        message: 'What reads text into phonemes does not run.',
        hint: 'Install Likeness again, or run "npm start" once in a checkout.',
        detail: cause.message,
      },
      { cause },
    ));
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Joins what was read to the words that are written. */
function phonemesOf(clauses: readonly Clause[], read: readonly (readonly ReadWord[])[]): Phonemes {
  const symbols: string[] = [];
  const words: number[] = [];
  const put = (text: string, word: number): void => {
    for (const symbol of text.normalize('NFD')) {
      symbols.push(symbol);
      words.push(word);
    }
  };
  let first = 0;
  for (const [k, clause] of clauses.entries()) {
    if (symbols.length > 0) put(' ', -1);
    const groups = grouped(clause.words, read[k] ?? []);
    for (const [row, { ipa, from, to }] of groups.entries()) {
      if (row > 0) put(' ', from === groups[row - 1]!.from ? first + from : -1); // inside a word, "19 84"
      for (const [part, share] of shared(ipa, clause.words.slice(from, to)).entries()) put(share, first + from + part);
    }
    put(clause.mark, -1);
    first += clause.words.length;
  }
  return { symbols, words };
}

/** What was read, when it is said, and the written words that it stands for: the first, and those that run into it. */
interface Group {
  readonly ipa: string;
  readonly from: number;
  readonly to: number;
  readonly begins: number; // seconds
  readonly ends: number;
}

function grouped(words: readonly Word[], read: readonly ReadWord[]): Group[] {
  let at = 0;
  const places = words.map(({ spoken }) => {
    const place = at;
    at += spoken.length + 1;
    return place;
  });
  const owners = read.map(({ at: place }) =>
    Math.max(
      0,
      places.findLastIndex((begin) => begin <= place),
    ),
  );
  return read.map(({ ipa, from: begins, to: ends }, k) => {
    const from = k === 0 ? 0 : owners[k]!;
    const next = owners.slice(k + 1).find((owner) => owner > from);
    return { ipa, from, to: owners[k + 1] === from ? from + 1 : (next ?? words.length), begins, ends };
  });
}

/** When each written word is said; those that run together share the time by their letters. */
function wordsAloud(words: readonly Word[], read: readonly ReadWord[]): ClauseSound['words'] {
  const aloud: { word: Word; from: number; to: number }[] = [];
  for (const { from, to, begins, ends } of grouped(words, read)) {
    const shares = [0, ...lettersUpTo(words.slice(from, to))];
    for (const [k, word] of words.slice(from, to).entries()) {
      const said = { word, from: begins + shares[k]! * (ends - begins), to: begins + shares[k + 1]! * (ends - begins) };
      if (aloud.at(-1)?.word === word)
        aloud.at(-1)!.to = said.to; // of "1984" each half is read
      else aloud.push(said);
    }
  }
  return aloud;
}

/** Of words that run together, as "of the", the share of letters up to the end of each. */
function lettersUpTo(words: readonly Word[]): number[] {
  const letters = words.reduce((sum, { spoken }) => sum + spoken.length, 0);
  let sum = 0;
  return words.map(({ spoken }) => (sum += spoken.length) / letters);
}

/** IPA of words that run together, by their letters. */
function shared(ipa: string, words: readonly Word[]): string[] {
  const characters = Array.from(ipa);
  let from = 0;
  return lettersUpTo(words).map((share) => {
    const to = Math.round(share * characters.length);
    const part = characters.slice(from, to).join('');
    from = to;
    return part;
  });
}
