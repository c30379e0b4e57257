import { expect, it } from 'vitest';
import { bilabials } from '../../../shared/domain/script/index.ts';
import { closuresOf } from './index.ts';

const phone = (symbol: string, from: number, to: number) => ({ symbol, from, to });
const SAID = [
  phone('m', 0, 0.1),
  phone('ɑ', 0.1, 0.3),
  phone('p', 0.3, 0.36),
  phone('b', 0.36, 0.42),
  phone('t', 1, 1.1),
];

it('lips meet for p, b and m, once where they follow on each other', () => {
  expect(bilabials(SAID)).toEqual([
    { from: 0, to: 0.1 },
    { from: 0.3, to: 0.42 },
  ]);
  expect(bilabials([phone('b', 1, 1)])).toEqual([]); // said in no time
});

it('a clip has those of its part of the sound, where it lies; of other sounds nothing is known', async () => {
  const clip = (sound: string, at: number, start: number, seconds: number) => ({
    id: sound,
    sound,
    at,
    start,
    seconds,
  });
  const clips = [clip('music', 0, 0, 9), clip('said', 5, 0.05, 0.3), clip('said', 2, 0, 1)];
  const phonesOf = async (sound: string) => (sound === 'said' ? SAID : []);
  const found = await closuresOf({ clips }, phonesOf);
  expect(found.map(({ from, to }) => [from.toFixed(2), to.toFixed(2)])).toEqual([
    ['2.00', '2.10'],
    ['2.30', '2.42'],
    ['5.00', '5.05'],
    ['5.25', '5.30'],
  ]);
});
