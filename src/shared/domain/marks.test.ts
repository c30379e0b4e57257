import { expect, test } from 'vitest';
import { addMarker, clearRange, moveMarker, removeMarker, renameMarker, setIn, setOut } from './marks.ts';
import { snap } from './snapping.ts';
import { initialTake, Take } from './take.ts';
import { parseTimecode, timecode } from './timecode.ts';

const take = initialTake({ duration: 10, hasAudio: true });

test('in and out make a range, and from end to end is none', () => {
  expect(setIn(take, 2, 10).range).toEqual({ from: 2, to: 10 });
  expect(setOut(setIn(take, 2, 10), 6, 10).range).toEqual({ from: 2, to: 6 });
  expect(setIn(setIn(take, 2, 10), 0, 10).range).toBeNull();
  expect(clearRange(take)).toBe(take);
});

test('an in point behind the out point reaches to the end, an out point before the in point to the beginning', () => {
  const ranged = setOut(setIn(take, 2, 10), 6, 10);
  expect(setIn(ranged, 8, 10).range).toEqual({ from: 8, to: 10 });
  expect(setOut(ranged, 1, 10).range).toEqual({ from: 0, to: 1 });
  expect(setOut(take, 0, 10)).toBe(take); // there would be nothing in it
  for (const changed of [setIn(ranged, 8, 10), setOut(ranged, 1, 10)])
    expect(Take.safeParse(changed).success).toBe(true);
});

test('markers stay in order, are renamed and removed', () => {
  const marked = addMarker(addMarker(take, { id: 'b', at: 5, name: '' }), { id: 'a', at: 1, name: 'Hello' });
  expect(marked.markers.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(moveMarker(marked, 'a', 7).markers.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(moveMarker(marked, 'a', -2).markers[0]!.at).toBe(0);
  expect(renameMarker(marked, 'b', 'World').markers[1]!.name).toBe('World');
  expect(removeMarker(marked, 'a').markers).toHaveLength(1);
  expect([moveMarker(marked, 'a', 1), renameMarker(marked, 'a', 'Hello'), removeMarker(marked, 'x')]).toEqual([
    marked,
    marked,
    marked,
  ]);
});

test('the nearest target within reach wins, whichever edge meets it', () => {
  expect(snap([1, 3], [0.9, 3.05, 8], 0.2)).toEqual({ by: expect.closeTo(0.05, 9), target: 3.05 });
  expect(snap([1, 3], [0.7, 3.4], 0.2)).toEqual({ by: 0, target: null });
  expect(snap([1], [1.2], 0.2)).toEqual({ by: expect.closeTo(0.2, 9), target: 1.2 });
});

test('times are written with milliseconds, cut, and hours where there are any', () => {
  expect([0, 7.24, 59.9999, 61, 3723.5].map(timecode)).toEqual([
    '00:00.000',
    '00:07.240',
    '00:59.999',
    '01:01.000',
    '1:02:03.500',
  ]);
});

test('a time is typed in any usual way', () => {
  const where = { now: 10, fps: 25 };
  const typed = ['7', '7.24', '1:07,5', '1:02:03', '120f', '+1.5', '-2', '-99', ' .5 '].map((text) =>
    parseTimecode(text, where),
  );
  expect(typed).toEqual([7, 7.24, 67.5, 3723, 4.8, 11.5, 8, 0, 0.5]);
  expect(['', 'soon', '1:2:3:4', '1.2.3', 'f'].map((text) => parseTimecode(text, where))).toEqual(
    Array(5).fill(undefined),
  );
});
