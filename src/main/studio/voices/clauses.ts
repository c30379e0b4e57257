import { spokenEnglish } from './english.ts';

/** A word as it is written, and how it is said. */
export interface Word {
  readonly text: string;
  /** Where in the sentence it begins, characters. */
  readonly at: number;
  /** Letters, digits and signs that are read: what espeak is given. */
  readonly spoken: string;
}

/** Words up to a mark at which a voice pauses or turns. */
export interface Clause {
  readonly words: readonly Word[];
  readonly mark: '.' | ',' | ';' | ':' | '?' | '!';
}

const BEFORE = /^[^\p{L}\p{N}$€£@#&+-]+|^[+-]+(?!\d)/u;
const AFTER = /[^\p{L}\p{M}\p{N}%°€£$+#]+$/u;
/** Full stops inside these, and behind them, mark nothing. */
const ABBREVIATION = /^(?:mr|mrs|ms|dr|prof|st|no|vs|e\.g|i\.e|approx|etc|dept|fig|\p{L}(?:\.\p{L})+)$/iu;
const UNREAD = /[^\p{L}\p{M}\p{N}'.,:%°€£$&@#+=-]/gu;
/** A full stop, comma or colon that is not between letters or digits. */
const LOOSE = /[.,:](?![\p{L}\p{N}])|(?<![\p{L}\p{N}])[.,:]/gu;

/** What a sentence is made of; none without a letter or digit in it. */
export function clausesOf(sentence: string): Clause[] {
  const tokens = [...sentence.matchAll(/\S+/g)].map(({ 0: token, index }) => ({ token, at: index }));
  const cores = tokens.map(({ token }) => coreOf(token));
  const clauses: Clause[] = [];
  let words: Word[] = [];
  for (const [k, { token, at }] of tokens.entries()) {
    const { text, begin } = cores[k]!;
    if (/[\p{L}\p{N}]/u.test(text)) {
      const said = spokenEnglish(text.replaceAll('’', "'"), cores[k - 1]?.text, cores[k + 1]?.text);
      words.push({ text, at: at + begin, spoken: said.replace(UNREAD, ' ').replace(LOOSE, ' ').trim() });
    }
    const rest = text === '' ? token : token.slice(begin + text.length);
    const mark = markBehind(rest, text, k === tokens.length - 1);
    if (mark === undefined || words.length === 0) continue;
    clauses.push({ words, mark });
    words = [];
  }
  return words.length > 0 ? [...clauses, { words, mark: '.' }] : clauses;
}

function coreOf(token: string): { readonly text: string; readonly begin: number } {
  const begin = BEFORE.exec(token)?.[0].length ?? 0;
  return { text: token.slice(begin).replace(AFTER, ''), begin };
}

function markBehind(rest: string, core: string, last: boolean): Clause['mark'] | undefined {
  if (rest.includes('?')) return '?';
  if (rest.includes('!')) return '!';
  if (rest.includes(';')) return ';';
  if (rest.includes(':')) return ':';
  if (rest.includes(',')) return ',';
  if (rest.includes('…') || rest.includes('..')) return last ? '.' : ',';
  if (rest.includes('.')) return !last && ABBREVIATION.test(core) ? undefined : '.';
  return /[—–]|^-+$/.test(rest) ? ',' : undefined;
}
