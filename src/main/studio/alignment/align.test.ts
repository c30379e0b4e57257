import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../engine/index.ts';
import { tools } from '../media/clips.fixture.ts';
import { readSound, WaveWriter } from '../media/index.ts';
import { align } from './index.ts';

// A voice that neither espeak nor the program's own are (flite's slt), which printed when it said each word.
const TEXT =
  'Hello, I am Robin. Every pixel of my face was made by a program. Look at the camera, speak clearly for a few ' +
  'minutes, and both of us will move our mouths together, wave after wave.';
const BEGINS = [
  0.16, 0.88, 1.01, 1.19, 1.76, 2.13, 2.65, 2.77, 2.9, 3.36, 3.52, 3.77, 3.98, 4.01, 4.8, 4.99, 5.15, 5.24, 5.9, 6.36,
  6.88, 7.07, 7.12, 7.47, 8.08, 8.23, 8.48, 8.61, 8.85, 9.09, 9.3, 9.54, 9.95, 10.84, 11.09, 11.38,
];
const resources = resolve('resources');
const folder = mkdtempSync(join(tmpdir(), 'likeness-align-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const aligned = (text: string, more: { readonly sound?: string; readonly language?: string } = {}) =>
  align({
    sound: join(resources, 'sample', 'voice.wav'),
    text,
    language: 'en-us',
    tools,
    resources,
    scratch: at('read.wav'),
    threads: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  });
/** How far the beginnings of words are from where they are said, seconds, the nearest first. */
const errors = (words: readonly { readonly from: number }[]): number[] =>
  words.map(({ from }, k) => Math.abs(from - BEGINS[k]!)).toSorted((a, b) => a - b);

describe('a text and its recording', () => {
  it('are brought together: every word, near where it is said', async () => {
    const { seconds, words } = await aligned(TEXT);
    expect(words.map(({ text }) => text)).toEqual(TEXT.match(/[a-z]+/gi));
    for (const { at: place, text } of words) expect(TEXT.slice(place, place + text.length)).toBe(text);
    const away = errors(words);
    expect(away[18]).toBeLessThan(0.03); // the median
    expect(away[34]).toBeLessThan(0.1); // all but one
    for (const [k, { from, to }] of words.entries()) {
      expect(to).toBeGreaterThan(from);
      expect(to).toBeLessThanOrEqual(words[k + 1]?.from ?? seconds);
    }
  });

  it('are brought together with noise of a third of the voice, and silence before it', async () => {
    const { samples, rate } = await readSound(tools, join(resources, 'sample', 'voice.wav'));
    const loud = samples.filter((one) => Math.abs(one) > 1e-3);
    const noise = 0.32 * Math.sqrt(loud.reduce((sum, one) => sum + one * one, 0) / loud.length);
    const random = new SeededRandom(1);
    const noisy = new Float32Array(rate + samples.length);
    noisy.set(samples, rate);
    for (const k of noisy.keys()) noisy[k]! += noise * Math.sqrt(12) * (random.next() - 0.5);
    const writer = await WaveWriter.create(at('noisy.wav'), { rate, channels: 1 });
    await writer.write(noisy);
    await writer.finish();
    const { words } = await aligned(TEXT, { sound: at('noisy.wav') });
    const away = errors(words.map(({ from }) => ({ from: from - 1 })));
    expect(away[18]).toBeLessThan(0.05);
    expect(away[31]).toBeLessThan(0.25); // all but one in nine
  });
});

describe('a text', () => {
  const refused = (message: string) =>
    expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(message) });

  it.each([
    ['that is another', 'The old boat moved slowly over blue water, while five young people watched from the beach.'],
    ['that is much too long', `${TEXT} `.repeat(5)],
    ['that is much too short', 'Hello.'],
  ])('%s than what is said is refused', async (_, text) => {
    await expect(aligned(text)).rejects.toEqual(refused('text is not what is said'));
  });

  it('in other letters than the language has, and a language that cannot be read, are refused', async () => {
    await expect(aligned('مرحبا بكم')).rejects.toEqual(refused('not written in the letters'));
    await expect(aligned('Hello there', { language: 'xx-none' })).rejects.toEqual(refused('cannot be read here'));
  });
});
