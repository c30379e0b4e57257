import { describe, expect, it, test } from 'vitest';
import {
  addClip,
  atOnce,
  bringBackSound,
  copyClip,
  moveClip,
  removeClip,
  removeSound,
  rowsOf,
  SHORTEST_CLIP,
  splitClip,
  trimEnd,
  trimStart,
} from './clips.ts';
import { EMPTY_TAKE, initialTake, type SoundClip, takeSeconds } from './take.ts';

const clip: SoundClip = { id: 'a', sound: '0123456789abcdef', at: 2, start: 1, seconds: 4 };
const take = addClip(initialTake({ duration: 10, hasAudio: false }), clip);
const only = (changed: typeof take) => changed.clips[0]!;

test('a sound moves along the timeline, never before its beginning', () => {
  expect(only(moveClip(take, 'a', 5))).toEqual({ ...clip, at: 5 });
  expect(only(moveClip(take, 'a', -3)).at).toBe(0);
  expect(moveClip(take, 'a', 2)).toBe(take);
});

test('trimming the start leaves what is heard where it is', () => {
  expect(only(trimStart(take, 'a', 2.5))).toEqual({ ...clip, at: 2.5, start: 1.5, seconds: 3.5 });
  expect(only(trimStart(take, 'a', 0))).toEqual({ ...clip, at: 1, start: 0, seconds: 5 }); // the sound begins here
  expect(only(trimStart(take, 'a', 9)).seconds).toBeCloseTo(SHORTEST_CLIP, 9);
  const early = moveClip(take, 'a', 0.5);
  // the timeline begins here
  expect(only(trimStart(early, 'a', -1))).toEqual({ ...clip, at: 0, start: 0.5, seconds: 4.5 });
});

test('trimming the end goes no further than the sound', () => {
  expect(only(trimEnd(take, 'a', 4, 20)).seconds).toBe(2);
  expect(only(trimEnd(take, 'a', 99, 6)).seconds).toBe(5);
  expect(only(trimEnd(take, 'a', 0, 6)).seconds).toBe(SHORTEST_CLIP);
});

test('both parts of a split sound are heard as the whole was', () => {
  expect(splitClip(take, 'a', 3.5, 'b').clips).toEqual([
    { ...clip, seconds: 1.5 },
    { ...clip, id: 'b', at: 3.5, start: 2.5, seconds: 2.5 },
  ]);
  expect(splitClip(take, 'a', 2.01, 'b')).toBe(take);
  expect(splitClip(take, 'a', 7, 'b')).toBe(take);
});

test('a copy follows its original, and can be deleted', () => {
  const copied = copyClip(take, 'a', 'b');
  expect(copied.clips[1]).toEqual({ ...clip, id: 'b', at: 6 });
  expect(takeSeconds(copied)).toBe(10);
  expect(removeClip(copied, 'b').clips).toEqual([clip]);
  expect(removeClip(take, 'nobody')).toBe(take);
});

test('sounds that overlap lie in rows of their own, and touching ones in the same', () => {
  const { rows, count } = rowsOf([clip, { ...clip, id: 'b', at: 4 }, { ...clip, id: 'c', at: 6 }]);
  expect([count, rows.get('a'), rows.get('b'), rows.get('c')]).toEqual([2, 0, 1, 0]);
  expect(rowsOf([]).count).toBe(1);
});

describe('the sounds of a take', () => {
  const clip = (id: string, sound: string, at: number, seconds: number) => ({ id, sound, at, start: 0, seconds });
  const own = clip('a', 'source', 0, 4);
  const beep = '0123456789abcdef';

  it('that are said at the same time are known, and not those one after the other', () => {
    expect(atOnce({ clips: [own, clip('b', beep, 1, 1)] })).toEqual(['source', beep]);
    expect(atOnce({ clips: [own, clip('b', beep, 4, 1)] })).toBeUndefined();
    expect(atOnce({ clips: [own, clip('b', 'source', 1, 1)] })).toBeUndefined(); // one voice with itself
  });

  it('that are removed take their clips with them, and are there again with a clip of theirs', () => {
    const take = { ...EMPTY_TAKE, clips: [own, clip('b', beep, 1, 1)] };
    const removed = removeSound(take, beep);
    expect([removed.clips, removed.removed]).toEqual([[own], [beep]]);
    expect(removeSound(removed, beep)).toBe(removed);
    expect(bringBackSound(removed, beep)).toEqual({ ...take, clips: [own] });
    expect(addClip(removed, clip('c', beep, 2, 1)).removed).toEqual([]);
  });
});
