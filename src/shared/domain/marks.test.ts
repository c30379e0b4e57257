import { expect, test } from 'vitest';
import { addMarker, clearRange, moveMarker, removeMarker, renameMarker, setIn, setOut } from './marks.ts';
import { snap } from './snapping.ts';
import { initialTake, Take } from './take.ts';
import { parsePart, parseTimecode, timecode } from './timecode.ts';

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

test('a moment is written as the frame that is shown, by the clock second in which it begins', () => {
  const at = (fps: number, moments: number[]) => moments.map((seconds) => timecode(seconds, fps));
  expect(at(25, [0, 7.24, 59.9999, 61, 3723.5])).toEqual([
    '00:00:00:00',
    '00:00:07:06',
    '00:00:59:24',
    '00:01:01:00',
    '01:02:03:12',
  ]);
  // Frame 29 begins at .968 s and frame 30 at 1.001 s; the seconds of an hour stay those of the clock.
  const ntsc = 30_000 / 1001;
  expect(at(ntsc, [0.99, 1.0005, 30 / ntsc, 107_893 / ntsc])).toEqual([
    '00:00:00:29',
    '00:00:00:29',
    '00:00:01:00',
    '01:00:00:00',
  ]);
  for (let frame = 0; frame < 3000; frame++)
    expect(parseTimecode(timecode(frame / ntsc, ntsc), { now: 0, fps: ntsc })).toBeCloseTo(frame / ntsc, 6);
});

test('a time is typed in any usual way', () => {
  const where = { now: 10, fps: 25 };
  const typed = ['7', '7.24', '1:07,5', '1:02:03', '120f', '+1.5', '-2', '-99', ' .5 ', '00:01:02:12', '+0:0:1:5'].map(
    (text) => parseTimecode(text, where),
  );
  expect(typed).toEqual([7, 7.24, 67.5, 3723, 4.8, 11.5, 8, 0, 0.5, 62.48, 11.2]);
  expect(['', 'soon', '1:2:3:4:5', '1.2.3', 'f'].map((text) => parseTimecode(text, where))).toEqual(
    Array(5).fill(undefined),
  );
});

test('a part is from one time to a later one', () => {
  const parts = ['1-3', ' 0:01,5 - 00:00:02:05', '25f-75f'].map((text) => parsePart(text, 25));
  expect(parts).toEqual([
    { from: 1, to: 3 },
    { from: 1.5, to: 2.2 },
    { from: 1, to: 3 },
  ]);
  const none = ['', '3', '3-1', '1-1', '1-2-3', '-2', 'a-b', '1-', '0-86401', `0-${'9'.repeat(400)}`];
  expect(none.filter((text) => parsePart(text, 25))).toEqual([]);
});
