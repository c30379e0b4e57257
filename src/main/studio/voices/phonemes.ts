import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Clause, Word } from './clauses.ts';
import type { ReadWord, Reading, ReadingAnswer } from './espeak-worker.ts';

/** What a voice is given for one sentence. */
export interface Phonemes {
  /** IPA characters, spaces between words and marks behind clauses. */
  readonly symbols: readonly string[];
  /** For each, the word it is said in, by its place among the sentence's words; -1 between them. */
  readonly words: readonly number[];
}

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
    const texts = clauses.map(({ words }) => words.map(({ spoken }) => spoken).join(' '));
    const answer = await this.#ask(texts, signal);
    if ('unknownLanguage' in answer)
      throw new StudioError({
        code: 'bad-request',
        message: `This voice speaks "${this.#language}", a language that cannot be read here.`,
        hint: 'Choose another voice.',
      });
    return phonemesOf(clauses, answer.clauses);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(clauses: readonly string[], signal: AbortSignal | undefined): Promise<ReadingAnswer> {
    signal?.throwIfAborted();
    if (this.#failure) throw this.#failure;
    const id = this.#next++;
    const waiting = Promise.withResolvers<ReadingAnswer>();
    this.#waiting.set(id, waiting);
    this.#worker.ref();
    const stop = (): void => waiting.reject(signal!.reason); // however long it would read on
    signal?.addEventListener('abort', stop, { once: true });
    try {
      this.#worker.postMessage({ id, language: this.#language, clauses } satisfies Reading);
      return await waiting.promise;
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

/** Each word that was read, and the written words that it stands for: the first, and those that run into it. */
function grouped(
  words: readonly Word[],
  read: readonly ReadWord[],
): { readonly ipa: string; readonly from: number; readonly to: number }[] {
  let at = 0;
  const begins = words.map(({ spoken }) => {
    const begin = at;
    at += spoken.length + 1;
    return begin;
  });
  const owners = read.map(({ at: place }) =>
    Math.max(
      0,
      begins.findLastIndex((begin) => begin <= place),
    ),
  );
  return read.map(({ ipa }, k) => {
    const from = k === 0 ? 0 : owners[k]!;
    const next = owners.slice(k + 1).find((owner) => owner > from);
    return { ipa, from, to: owners[k + 1] === from ? from + 1 : (next ?? words.length) };
  });
}

/** IPA of words that run together, as "of the", by their letters. */
function shared(ipa: string, words: readonly Word[]): string[] {
  if (words.length <= 1) return [ipa];
  const characters = Array.from(ipa);
  const letters = words.reduce((sum, { spoken }) => sum + spoken.length, 0);
  let [sum, from] = [0, 0];
  return words.map(({ spoken }, k) => {
    sum += spoken.length;
    const to = k === words.length - 1 ? characters.length : Math.round((sum / letters) * characters.length);
    const part = characters.slice(from, to).join('');
    from = to;
    return part;
  });
}
