import { expect, it } from 'vitest';
import { clausesOf } from './clauses.ts';
import { Reader } from './phonemes.ts';

/** What espeak is given, with the marks. */
const said = (sentence: string): string =>
  clausesOf(sentence)
    .map(({ words, mark }) => words.map(({ spoken }) => spoken).join(' ') + mark)
    .join(' ');

it.each([
  ['Hello, I am Ada.', 'Hello, I am Ada.'],
  ['He said: "Go (now)" — really?', 'He said: Go now, really?'],
  ['Well... yes; no!', 'Well, yes; no!'],
  ['Dr. Smith of St. James', 'Dr Smith of St James.'],
  ['It cost $5.20, or $1, or £3.00.', 'It cost 5 dollars 20, or 1 dollar, or 3 pounds.'],
  ['$5 million and €2.5 billion', '5 million dollars and €2.5 billion euros.'],
  ['In 1984, 1905, 2000, 2007 and 2021.', 'In 19 84, 19 oh 5, 2000, 2007 and 20 21.'],
  ['the 1990s and 1,984 more', 'the 19 nineties and 1,984 more.'],
  ['5kg, 3 km, 1 cm', '5 kilograms, 3 kilometres, 1 centimetre.'],
  ['e.g. this, i.e. that, etc.', 'for example this, that is that, et cetera.'],
  ['No. 5 on 3/4/2021 and/or', 'number 5 on 3 4 2021 and or.'],
  ['at 10:30 p.m. for 50% of 20°C', 'at 10:30 p.m for 50% of 20°C.'],
  ['Is it O’Brien’s? -5 #1 C++', "Is it O'Brien's? -5 #1 C++."],
  ['[[hello]] {x} `y` ~z', 'hello x y z.'],
  ['— … !', ''],
])('%s', (sentence, spoken) => {
  expect(said(sentence)).toBe(spoken);
  for (const { text, at } of clausesOf(sentence).flatMap(({ words }) => words))
    expect(sentence.slice(at, at + text.length)).toBe(text);
});

it('each phoneme is read in the word that it is written in, and in the voices’ own letters', async () => {
  const reader = new Reader('en-us');
  try {
    const clauses = clausesOf('In 1984, this is a test of the program.');
    const { symbols, words } = await reader.read(clauses);
    expect(symbols.join('')).toBe('ɪn nˈaɪntiːn ˈeɪɾi fˈɔːɹ, ðɪs ɪz ɐ tˈɛst ʌvðə pɹˈoʊɡɹæm.');
    const byWord = clauses
      .flatMap((clause) => clause.words)
      .map(({ text }, place) => [text, symbols.filter((_, k) => words[k] === place).join('')]);
    expect(byWord).toEqual([
      ['In', 'ɪn'],
      ['1984', 'nˈaɪntiːn ˈeɪɾi fˈɔːɹ'],
      ['this', 'ðɪs'],
      ['is', 'ɪz'],
      ['a', 'ɐ'],
      ['test', 'tˈɛst'],
      ['of', 'ʌv'],
      ['the', 'ðə'],
      ['program', 'pɹˈoʊɡɹæm'],
    ]);
    await expect(new Reader('xx-none').read(clauses)).rejects.toMatchObject({ code: 'bad-request' });
  } finally {
    await reader.close();
  }
});
