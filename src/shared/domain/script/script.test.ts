import { describe, expect, it } from 'vitest';
import {
  cuesOf,
  isSubtitles,
  plainScript,
  sayable,
  scriptOfCues,
  sentencesOf,
  subtitles,
  unreadable,
} from './index.ts';

const texts = (script: string): string[] => sentencesOf(script).map(({ text }) => text);

describe('sentences', () => {
  it('end with their marks, at the end of a line, and say where they lie', () => {
    const script = 'One. Two?  Three!\nFour\nFive and\nits rest.\n\nSix';
    const sentences = sentencesOf(script);
    expect(sentences.map(({ text, ends }) => [text, ends])).toEqual([
      ['One.', false],
      ['Two?', false],
      ['Three!', false],
      ['Four', false],
      ['Five and its rest.', true],
      ['Six', false],
    ]);
    for (const { at, text } of sentences) expect(script.slice(at, at + text.length).replaceAll('\n', ' ')).toBe(text);
  });

  it('do not end behind abbreviations', () => {
    expect(texts('Dr. Smith and Mrs. Jones came. They saw e.g. The Hague. Ask J. Doe, Jr. He knows.')).toEqual([
      'Dr. Smith and Mrs. Jones came.',
      'They saw e.g. The Hague.',
      'Ask J. Doe, Jr.',
      'He knows.',
    ]);
    expect(texts('It is No. 5 of 3.14. Yes.')).toEqual(['It is No. 5 of 3.14.', 'Yes.']);
  });

  it('that are too long for a breath are broken behind a comma, else between words, and nothing is lost', () => {
    const comma = `${'word '.repeat(40)}here, ${'more '.repeat(40)}`;
    expect(texts(comma)[0]).toMatch(/here,$/);
    const plain = 'word '.repeat(200).trim();
    expect(texts(plain).every((text) => text.length <= 300)).toBe(true);
    expect(texts(plain).join(' ')).toBe(plain);
    expect(texts('x'.repeat(700)).map(({ length }) => length)).toEqual([300, 300, 100]);
  });
});

describe('subtitles', () => {
  const SRT =
    '1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Hello</i>\r\nthere\r\n\r\n' +
    '2\r\n00:01:03,04 --> 01:00:04,000\r\n{\\an8}You\r\n';
  const VTT = 'WEBVTT\n\nNOTE what\n\nintro\n00:01.000 --> 00:02.500 align:start\n<v Ada>Fish &amp; <b>chips</b>\n';

  it('are read in both formats, without markup', () => {
    expect(cuesOf(SRT)).toEqual([
      { from: 1, to: 2.5, text: 'Hello\nthere' },
      { from: 63.04, to: 3604, text: 'You' },
    ]);
    expect(cuesOf(VTT)).toEqual([{ from: 1, to: 2.5, text: 'Fish & chips' }]);
    expect([SRT, VTT, 'WEBVTT and nothing else', 'Two --> three'].map(isSubtitles)).toEqual([true, true, false, false]);
    expect(scriptOfCues(cuesOf(SRT))).toBe('Hello there\nYou');
  });

  it.each(['srt', 'vtt'] as const)('are written as %s, and read as they were', (format) => {
    const cues = [
      { from: 0, to: 1.25, text: 'One < two\n& three' },
      { from: 3599.9996, to: 3601, text: 'End' },
    ];
    const file = subtitles(cues, format);
    expect(file).toContain(format === 'srt' ? '2\n01:00:00,000 --> 01:00:01,000' : '01:00:00.000 --> 01:00:01.000');
    expect(cuesOf(file)).toEqual([cues[0], { ...cues[1], from: 3600 }]);
  });

  it('that are damaged are read as far as they go', () => {
    const late = '2\n99:99:99,999 --> 00:00:01,000\ny';
    const file = `1\n00:00:01,000 -->\nx\n\n${late}\n\n00:00:02,000 --> 00:00:03,000\nz`;
    expect(cuesOf(file)).toMatchObject([{ text: 'y' }, { from: 2, to: 3, text: 'z' }]);
    expect(cuesOf('00:00:01,000 --> 00:00:02,000\n\n\n')).toEqual([]);
    expect(cuesOf('')).toEqual([]);
  });

  it('no blank line need part them, and numbers that are said are kept', () => {
    const times = (k: number): string => `00:00:0${k},000 --> 00:00:0${k},500`;
    const cue = (k: number, text: string) => ({ from: k, to: k + 0.5, text });
    expect(cuesOf(`1\n${times(1)}\nIt was\n2\n${times(2)}\n1984\n3\n${times(3)}\nand 5\n`)).toEqual([
      cue(1, 'It was'),
      cue(2, '1984'),
      cue(3, 'and 5'),
    ]);
    expect(cuesOf(`${times(1)}\n1984\n${times(2)}\nor\\N1985`)).toEqual([cue(1, '1984'), cue(2, 'or 1985')]);
  });

  it('whose times cannot be read are not read aloud', () => {
    for (const times of ['99:99:99,999 --> 999999:00:00,000', ' 1:2 --> 3:4', '00:00:01,000 --> 00:00:02,000'])
      expect(unreadable(`1\n${times}\nGood morning.`)?.message).toContain(times.trim());
    expect(unreadable('From 8:30 --> home, 3 --> 4, and --> 9:15.')).toBeUndefined();
  });
});

describe('a text', () => {
  it('is cleaned of what is no text; pictures are as long as they were', () => {
    expect(plainScript('\uFEFFa\r\nb\u0007\u202Ec\f')).toBe('a\nbc\n');
    expect(sayable('a 😀 b ☺️.')).toBe('a    b   .');
    expect(sayable('4 # * 9')).toBe('4 # * 9');
  });

  it('that cannot be spoken is told why', () => {
    expect(unreadable('Hello')).toBeUndefined();
    expect(unreadable('1 < 2 and 3 > 2')).toBeUndefined();
    for (const text of ['', '?!', '<speak>x</speak>', 'a\0', 'a'.repeat(100_001)])
      expect(unreadable(text)).toMatchObject({ message: expect.any(String), hint: expect.any(String) });
  });
});
