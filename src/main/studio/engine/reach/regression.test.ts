import { expect, it } from 'vitest';
import { SeededRandom } from '../numbers/random.ts';
import { leftOf } from './regression.ts';

/** 25 a second for 20 s. */
const ROWS = Array.from({ length: 500 }, (_, row) => row);
const mean = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const spread = (values: Float64Array): number => Math.sqrt(mean(values.map((x) => (x - mean(values)) ** 2)));
const noise = (): Float64Array => {
  const random = new SeededRandom(1);
  return Float64Array.from(ROWS, () => 0.02 * random.normal());
};

it('what a cause foretells at any time is taken out, and the mean stays', () => {
  const yaw = Float64Array.from(ROWS, (row) => 15 * Math.sin(row / 17)); // a few turns to either side
  const turned = noise().map((own, row) => 3 + 0.01 * yaw[row]! + own);
  const left = leftOf(turned, [yaw, yaw.map((x) => x * x)]);
  expect(spread(turned)).toBeGreaterThan(0.1);
  expect(spread(left)).toBeLessThan(0.025);
  expect(mean(left)).toBeCloseTo(mean(turned), 6);
});

it('what happens once is not explained by how the head was held then', () => {
  // the head drifts there and back in the whole time: six causes of that kind explain any one event in it
  const drifts = [1, 2, 3].map((times) => Float64Array.from(ROWS, (row) => Math.sin((times * Math.PI * row) / 500)));
  const once = noise().map((own, row) => (row >= 300 && row < 330 ? 1 : 0) + own);
  const left = leftOf(once, [...drifts, ...drifts.map((drift) => drift.map((x) => x * x))]);
  expect(mean(left.slice(302, 328)) - mean(left.slice(0, 280))).toBeGreaterThan(0.95);
});
