import { expect, test } from 'vitest';
import { touched } from './marquee.ts';

const clip = (id: string, at: number, seconds: number) => ({ id, sound: 'source', at, start: 0, seconds });

test('a rectangle takes what it touches, in time and in the rows that it passes', () => {
  const clips = [clip('a', 0, 2), clip('b', 1, 2), clip('c', 4, 1)]; // b lies under the others, rows of 40 pixels
  const among = (from: number, to: number, top: number, bottom: number) =>
    touched(clips, { from, to, top, bottom }, 80);
  expect(among(0.5, 5, 0, 80)).toEqual(['a', 'b', 'c']);
  expect(among(0.5, 5, 10, 30)).toEqual(['a', 'c']);
  expect(among(0.5, 5, 41, 60)).toEqual(['b']);
  expect(among(3, 4, 0, 80)).toEqual([]);
});
