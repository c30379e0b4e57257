import { expect, test } from 'vitest';
import { aboutTime } from './about-time.ts';

test('a length of time is said as finely as one plans it', () => {
  expect([3, 20, 50, 150, 900, 3601, 4020, 7200].map(aboutTime)).toEqual([
    '3 s',
    '20 s',
    '50 s',
    '3 min',
    '15 min',
    '1 h',
    '1 h 5 min',
    '2 h',
  ]);
  expect([86_400, 100_000, 200_000].map(aboutTime)).toEqual(['1 day', '1 day 4 h', '2 days 8 h']);
});
