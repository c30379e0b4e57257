import { describe, expect, it } from 'vitest';
import { captionsOf, type CaptionWord, captionWords, USUAL_LINE } from './captions.ts';
import type { SpokenWord } from './script.ts';

/** Three words a second, a pause of half a second behind each sentence. */
function spoken(script: string): SpokenWord[] {
  let time = 0;
  return [...script.matchAll(/[\p{L}\p{N}’'-]+/gu)].map(({ 0: text, index }) => {
    const from = time;
    time += 1 / 3 + (/^[.!?]/.test(script.slice(index + text.length)) ? 0.5 : 0);
    return { text, at: index, from, to: from + 1 / 3 };
  });
}
const words = (script: string): CaptionWord[] => captionWords(script, spoken(script));
const LONG =
  'People who make talking films start from text, and they need captions that are easy to read, ' +
  'a background of their own, twenty films at once, and a way in for their other programs.';

describe('the words of captions', () => {
  it('have their punctuation, and end sentences', () => {
    expect(words('He said: “Go (now)!” Really?\n\n— Yes, e.g. here.').map(({ text, ends }) => [text, ends])).toEqual([
      ['He', false],
      ['said:', false],
      ['“Go', false],
      ['(now)!”', true],
      ['Really?', true],
      ['Yes,', false],
      ['e.', false],
      ['g.', false],
      ['here.', true],
    ]);
  });
});

describe('captions', () => {
  const cues = captionsOf(words(`${LONG} Yes. So it is.`), { line: USUAL_LINE });

  it('have two lines of 42 characters at most, and no word is lost', () => {
    for (const { text } of cues) {
      expect(text.split('\n').length).toBeLessThanOrEqual(2);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(USUAL_LINE);
    }
    expect(cues.map(({ text }) => text.replaceAll('\n', ' ')).join(' ')).toBe(`${LONG} Yes. So it is.`);
  });

  it('begin with their first word, last 5/6 s at least and 7 s at most, and never overlap', () => {
    const all = words(`${LONG} Yes. So it is.`);
    for (const [k, { from, to, text }] of cues.entries()) {
      expect(all.find((word) => word.from === from)?.text).toBe(text.split(/\s/)[0]);
      expect(to - from).toBeLessThanOrEqual(7.5);
      expect(to).toBeLessThanOrEqual((cues[k + 1]?.from ?? Infinity) + 1e-9);
      const room = (cues[k + 1]?.from ?? Infinity) - from - 0.081;
      expect(to - from).toBeGreaterThanOrEqual(Math.min(0.833, room));
    }
  });

  it('come of a file of times without the end of a sentence too', () => {
    const endless = Array.from({ length: 5000 }, (_, k) => ({ text: 'word', from: k, to: k + 1, ends: false }));
    const all = captionsOf(endless, { line: USUAL_LINE });
    expect(all.flatMap(({ text }) => text.split(/\s/)).length).toBe(5000);
    expect(Math.max(...all.map(({ text }) => text.length))).toBeLessThanOrEqual(2 * USUAL_LINE + 1);
  });

  it('end with sentences, and break behind commas', () => {
    expect(cues.slice(-2).map(({ text }) => text)).toEqual(['Yes.', 'So it is.']);
    expect(cues[0]!.text).toMatch(/,$/);
  });

  it('of a narrow picture have shorter lines', () => {
    const lines = captionsOf(words(LONG), { line: 24 }).flatMap(({ text }) => text.split('\n'));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(24);
  });

  it('end at a long pause, and a word that is longer than a line stays whole', () => {
    const [one, two] = words('One two');
    expect(captionsOf([one!, { ...two!, from: 9, to: 10 }], { line: 42 }).map(({ text }) => text)).toEqual([
      'One',
      'two',
    ]);
    expect(captionsOf(words('x'.repeat(60)), { line: 42 })).toMatchObject([{ text: 'x'.repeat(60) }]);
    expect(captionsOf([], { line: 42 })).toEqual([]);
  });
});
