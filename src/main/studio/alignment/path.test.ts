import { expect, it } from 'vitest';
import { FEATURES } from './listen.ts';
import { likeliestPath, meanDistance } from './path.ts';

/** Rows that are alike where their numbers are the same, and have nothing in common else. */
function rowsOf(numbers: readonly number[]): Float32Array {
  const rows = new Float32Array(numbers.length * FEATURES);
  for (const [k, number] of numbers.entries()) if (number >= 0) rows[k * FEATURES + number] = 1;
  return rows;
}
/** What is said: words of two rows, each unlike all others. */
const said = (words: number) => ({
  features: rowsOf(Array.from({ length: 2 * words }, (_, k) => k % FEATURES)),
  owners: Int32Array.from({ length: 2 * words }, (_, k) => Math.floor(k / 2)),
});
/** -1 is a pause, which costs little; sound costs more than anything to take for one. */
const recorded = (numbers: readonly number[]) => ({
  features: rowsOf(numbers),
  gapCosts: Float32Array.from(numbers, (number) => (number < 0 ? 0.3 : 1.5)),
});
const { signal } = new AbortController();

it('words are found slow and fast, with pauses before, between and behind them', async () => {
  const heard = recorded([-1, -1, 0, 0, 0, 1, -1, -1, 2, 3, 5, -1]);
  const path = await likeliestPath(heard, said(3), signal);
  expect([...path!]).toEqual([-1, -1, 0, 0, 0, 1, -1, -1, 2, 3, 5, -1]);
  expect(meanDistance(heard, said(3), path!)).toBeCloseTo(0, 6);
});

it('a recording that is too short for the words has no way through them', async () => {
  expect(await likeliestPath(recorded([0, 1]), said(30), signal)).toBeUndefined();
});

it('a text too long to be looked for as a whole is found, with a pause longer than what is looked at', async () => {
  const reach = { whole: 120, behind: 20, ahead: 40, settled: 60 };
  const numbers = [
    ...Array.from({ length: 150 }, (_, k) => k % FEATURES),
    ...Array.from({ length: 130 }, () => -1),
    ...Array.from({ length: 170 }, (_, k) => (k + 150) % FEATURES),
  ];
  const path = await likeliestPath(recorded(numbers), said(160), signal, { reach });
  expect([...path!]).toEqual(numbers.map((number, k) => (number < 0 ? -1 : k < 150 ? k : k - 130)));
});
