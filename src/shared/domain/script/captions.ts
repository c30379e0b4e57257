import { sentencesOf } from './sentences.ts';
import type { SpokenWord } from './script.ts';
import type { Cue } from './subtitles.ts';

/** A word with the punctuation that stands with it, and whether a sentence ends with it; seconds. */
export interface CaptionWord {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly ends: boolean;
}

/** By the usual rules of subtitling: 42 characters in a line, two lines, 5/6 s to 7 s, 80 ms between two. */
export interface CaptionRules {
  /** Characters of a line; fewer in a narrow picture. */
  readonly line: number;
}
export const USUAL_LINE = 42;
const LINES = 2;
const LEAST_SECONDS = 5 / 6;
const MOST_SECONDS = 7;
/** How long a caption stays behind its last word where nothing follows. */
const STAYS_SECONDS = 0.4;
const GAP_SECONDS = 0.08;
/** A pause as long as this ends a caption. */
const PAUSE_SECONDS = 1.5;
/** Of a sentence, which has 300 characters when a voice spoke it; a file of times may say anything. */
const MOST_WORDS = 300;

/** What is said in a script, as it is written there. */
export function captionWords(script: string, words: readonly SpokenWord[]): CaptionWord[] {
  const ends = sentencesOf(script).map(({ at, text }) => at + text.length);
  const begins = words.map(({ at }, k) => {
    const before = k === 0 ? 0 : words[k - 1]!.at + words[k - 1]!.text.length;
    const between = script.slice(before, at);
    return at - (k === 0 ? (/\S*$/.exec(between)?.[0].length ?? 0) : (/(?<=\s)\S*$/.exec(between)?.[0].length ?? 0));
  });
  return words.map(({ at, text, from, to }, k) => {
    const until = begins[k + 1] ?? script.length;
    const end = ends.find((one) => one > at) ?? script.length;
    const shown = script.slice(begins[k], Math.min(until, end));
    return { text: shown.replace(/\s+/g, ' ').trim() || text, from, to, ends: end <= until };
  });
}

/** Captions of words that are said one after the other: none over the end of a sentence, each easy to read. */
export function captionsOf(words: readonly CaptionWord[], { line }: CaptionRules): Cue[] {
  const cues = sentencesIn(words)
    .flatMap((sentence) => parted(sentence, line))
    .map((part) => ({ from: part[0]!.from, to: part.at(-1)!.to, text: inLines(part, line) }));
  return cues.map(({ from, to, text }, k) => {
    const next = cues[k + 1]?.from ?? Infinity;
    const wanted = Math.max(to + STAYS_SECONDS, from + LEAST_SECONDS);
    return { from, to: Math.max(to, Math.min(wanted, next - GAP_SECONDS)), text };
  });
}

function sentencesIn(words: readonly CaptionWord[]): CaptionWord[][] {
  const sentences: CaptionWord[][] = [];
  let open: CaptionWord[] = [];
  for (const [k, word] of words.entries()) {
    open.push(word);
    const next = words[k + 1];
    if (next && !word.ends && next.from - word.to < PAUSE_SECONDS && open.length < MOST_WORDS) continue;
    sentences.push(open);
    open = [];
  }
  return sentences;
}

/** A sentence in as few captions as it needs, as equal as they can be, broken behind a comma where one is near. */
function parted(words: readonly CaptionWord[], line: number): CaptionWord[][] {
  const length = lengthOf(words);
  const seconds = words.at(-1)!.to - words[0]!.from;
  if (words.length < 2 || (fits(words, line) && seconds <= MOST_SECONDS)) return [[...words]];
  const parts = Math.max(2, Math.ceil(length / (LINES * line)), Math.ceil(seconds / MOST_SECONDS));
  const cut = bestCut(words, length / parts, 1);
  return [...parted(words.slice(0, cut), line), ...parted(words.slice(cut), line)];
}

/** One line where it fits, else two, the lower not the shorter where that is as good. */
function inLines(words: readonly CaptionWord[], line: number): string {
  const all = words.map(({ text }) => text).join(' ');
  if (all.length <= line || words.length < 2) return all;
  const cut = bestCut(words, all.length / 2, 0.4);
  return [words.slice(0, cut), words.slice(cut)].map((part) => part.map(({ text }) => text).join(' ')).join('\n');
}

/** Whether two lines hold it. */
function fits(words: readonly CaptionWord[], line: number): boolean {
  return (
    inLines(words, line)
      .split('\n')
      .every((one) => one.length <= line) || words.length === 1
  );
}

/** How many words come before the break nearest to so many characters; for a comma it goes further, by `reach`. */
function bestCut(words: readonly CaptionWord[], characters: number, reach: number): number {
  let best = { cut: 1, cost: Infinity };
  for (let cut = 1; cut < words.length; cut++) {
    const away = Math.abs(lengthOf(words.slice(0, cut)) - characters) / characters;
    const cost = away - (/[,;:—–]["'”’)\]]*$/.test(words[cut - 1]!.text) ? 0.3 * reach : 0);
    if (cost < best.cost) best = { cut, cost };
  }
  return best.cut;
}

const lengthOf = (words: readonly CaptionWord[]): number =>
  words.reduce((sum, { text }) => sum + text.length + 1, 0) - 1;
