import { expect, it } from 'vitest';
import { idsOf, timesOf } from './speaker.ts';
import { withDurations } from './voice-file.ts';

it('symbols become numbers with a filler behind each; what the voice was not taught is left out', () => {
  const map = { '^': [1], $: [2], _: [0], a: [14], b: [15, 16] };
  const { ids, owners } = idsOf(['a', 'x', 'b'], map);
  expect(ids).toEqual([1, 0, 14, 0, 15, 16, 0, 2]);
  expect(owners).toEqual([-1, -1, 0, 0, 2, 2, 2, 3]);
});

it('a word lasts from the space before it to its last phoneme, and pauses belong to none', () => {
  // "ab c, d": 1 s of 20 frames.
  const phonemes = { symbols: ['a', 'b', ' ', 'c', ',', ' ', 'd'], words: [0, 0, -1, 1, -1, -1, 2] };
  const written = ['ab', 'c', 'd', 'silent'].map((text, k) => ({ text, at: 3 * k }));
  const { seconds, words, phones } = timesOf(phonemes, [1, 2, 3, 1, 2, 4, 1, 5, 1], written, 1);
  expect(seconds).toBe(1);
  const spans = [
    ['ab', 0.05, 0.3],
    ['c', 0.3, 0.45],
    ['d', 0.7, 0.95],
  ] as const;
  expect(words.map(({ text }) => text)).toEqual(spans.map(([text]) => text));
  for (const [k, [, from, to]] of spans.entries()) {
    expect(words[k]!.from).toBeCloseTo(from, 9);
    expect(words[k]!.to).toBeCloseTo(to, 9);
  }
  expect(phones.map(({ symbol }) => symbol).join('')).toBe('abcd');
});

it('the durations are one more output of the model, whose bytes stay as they are', () => {
  const model = Uint8Array.of(8, 8);
  const bytes = Buffer.from(withDurations(model));
  expect(bytes.subarray(0, 2)).toEqual(Buffer.from(model));
  // ModelProto.graph (7) { GraphProto.output (12) { name (1), type (2) { tensor_type (1) { elem_type (1): FLOAT } } } }
  expect(bytes.subarray(2).toString('latin1')).toBe('\x3a\x18\x62\x16\x0a\x0e/Ceil_output_0\x12\x04\x0a\x02\x08\x01');
});
