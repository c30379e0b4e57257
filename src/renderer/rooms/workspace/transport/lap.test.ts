import { expect, test } from 'vitest';
import { clipStarts } from './clip-starts.ts';
import { lapsUntil, positionAt, type Course } from './lap.ts';

const course: Course = { clock: 100, time: 2, rate: 1, duration: 10, loop: null };
const clip = { id: 'a', sound: 'source', at: 3, start: 1, seconds: 4 };

test('the playhead follows the clock, and stops at either end', () => {
  expect(positionAt(course, 103.5)).toEqual({ time: 5.5, ended: false });
  expect(positionAt(course, 99)).toEqual({ time: 2, ended: false }); // the sound has not begun to be heard
  expect(positionAt(course, 200)).toEqual({ time: 10, ended: true });
  expect(positionAt({ ...course, rate: -4 }, 101)).toEqual({ time: 0, ended: true });
  expect(positionAt({ ...course, rate: 2 }, 101)).toEqual({ time: 4, ended: false });
});

test('a loop wraps as often as it takes, in both directions', () => {
  const looped = { ...course, loop: { from: 4, to: 6 } };
  expect(positionAt(looped, 103.5).time).toBe(5.5); // 2 to 5.5
  expect(positionAt(looped, 104.5).time).toBe(4.5); // 2 to 6, then 4 to 4.5
  expect(positionAt(looped, 109).time).toBe(5); // two laps further
  expect(positionAt({ ...looped, time: 5, rate: -1 }, 101.5).time).toBe(5.5);
  expect(positionAt({ ...looped, time: 7 }, 110)).toEqual({ time: 10, ended: true }); // behind the loop it plays on
});

test('laps of a loop follow each other without a gap', () => {
  const laps = lapsUntil({ ...course, loop: { from: 4, to: 6 } }, 107);
  expect(laps).toEqual([
    { clock: 100, from: 2, to: 6 },
    { clock: 104, from: 4, to: 6 },
    { clock: 106, from: 4, to: 6 },
  ]);
  expect(lapsUntil({ ...course, loop: { from: 4, to: 6 } }, 107, 2)).toEqual(laps.slice(2));
  expect(lapsUntil(course, 1000)).toEqual([{ clock: 100, from: 2, to: 10 }]);
});

test('a clip ahead starts when the playhead comes to it', () => {
  expect(clipStarts([clip], { clock: 100, from: 2, to: 10 }, 100)).toEqual([
    { clip, clock: 101, offset: 1, seconds: 4 },
  ]);
});

test('a clip under the playhead starts in its middle, and is cut where the lap ends', () => {
  expect(clipStarts([clip], { clock: 100, from: 5, to: 6 }, 100)).toEqual([
    { clip, clock: 100, offset: 3, seconds: 1 },
  ]);
  expect(clipStarts([clip], { clock: 100, from: 7, to: 10 }, 100)).toEqual([]);
});

test('sound that joins in late is in step with what was there', () => {
  // The lap began at 100 with second 2; at 102.5 the playhead is at 4.5, which is 2.5 seconds into the sound.
  expect(clipStarts([clip], { clock: 100, from: 2, to: 10 }, 102.5)).toEqual([
    { clip, clock: 102.5, offset: 2.5, seconds: 2.5 },
  ]);
});
