import { expect, it } from 'vitest';
import { OneEuro } from './one-euro.ts';

const FPS = 25;
const filtered = (values: readonly number[], filter = new OneEuro({ still: 1.5, moving: 0.06 })): number[] =>
  values.map((value, k) => filter.next(value, k / FPS));
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

it('trembles less than what trembles', () => {
  const trembling = Array.from({ length: 100 }, (_, k) => (k % 2 === 0 ? 0.2 : -0.2));
  expect(spread(filtered(trembling).slice(20))).toBeLessThan(0.3 * spread(trembling));
});

it('follows what moves fast sooner than what moves slowly', () => {
  const late = (speed: number): number => {
    const ramp = Array.from({ length: 50 }, (_, k) => (speed * k) / FPS);
    return (ramp.at(-1)! - filtered(ramp).at(-1)!) / speed; // seconds
  };
  expect(late(100)).toBeLessThan(0.5 * late(1));
  expect(late(100)).toBeLessThan(0.05);
});

it('begins with what comes first, after being told to forget, and where time goes back', () => {
  const filter = new OneEuro({ still: 1, moving: 0 });
  expect(filter.next(5, 10)).toBe(5);
  expect(filter.next(6, 10.04)).toBeLessThan(5.5);
  expect(filter.next(9, 2)).toBe(9);
  filter.forget();
  expect(filter.next(-3, 2.04)).toBe(-3);
});
