import { expect, it } from 'vitest';
import { decodeLiveSound } from '../../shared/contract/live-sound.ts';
import { Voice } from './voice.ts';

const voice = () => new Voice(7, 2, () => undefined);

it('sends every sample, a second a message at most, and how many pictures came', () => {
  const one = voice();
  const samples = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i / 50));
  const sent = one.messages(samples, 0).map((message) => decodeLiveSound(new Uint8Array(message)));
  expect(sent.map((piece) => piece.samples.length)).toEqual([16_000, 4000]);
  expect(sent.flatMap((piece) => [...piece.samples]).every((value, k) => Math.abs(value - samples[k]!) < 2e-5)).toBe(
    true,
  );
  expect(sent.map(({ seen }) => seen)).toEqual([0, 0]);
  one.arrived();
  one.arrived();
  expect(decodeLiveSound(new Uint8Array(one.messages(samples.subarray(0, 10), 60)[0]!)).seen).toBe(2);
});

it('knows how far a painted picture is behind what was heard, however its pieces were held up', () => {
  const one = voice();
  expect(one.behindMs).toBeNull();
  const piece = new Float32Array(640); // 40 ms
  for (const [k, late] of [5, 0, 30, 12].entries()) one.messages(piece, 1000 + (k + 1) * 40 + late);
  one.painted(51, 25, 1290); // the sound of 1040
  expect(one.behindMs).toBeCloseTo(250, 6);
  one.painted(51, 25, 1600); // the same again, since the window changed
  one.painted(52, 25, 1310);
  one.painted(53, 25, 1390);
  expect(one.behindMs).toBeCloseTo(250, 6); // of 230, 250, 270
});
