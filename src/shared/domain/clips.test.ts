import { describe, expect, it, test } from 'vitest';
import {
  addClip,
  atOnce,
  bringBackSound,
  copyClips,
  moveClips,
  pasteClips,
  removeClips,
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
const A = new Set(['a']);
const AB = new Set(['a', 'b']);
const two = addClip(take, { ...clip, id: 'b', at: 7, seconds: 1 });

test('sounds move along the timeline together, never before its beginning, and what is keyed under them too', () => {
  expect(only(moveClips(take, A, 3))).toEqual({ ...clip, at: 5 });
  expect(only(moveClips(take, A, -3)).at).toBe(0);
  expect(moveClips(take, A, 0)).toBe(take);
  const days = {
    ...take,
    clips: [
      { ...clip, at: 0, seconds: 80_000 },
      { ...clip, id: 'b', at: 50_000, seconds: 50_000 },
    ],
  };
  expect(moveClips(days, AB, 5)).toBe(days); // never before the timeline begins
  const keys = [1, 3, 7.5].map((at) => ({ id: `k${at}`, at, value: 0, curve: 'linear' as const }));
  const keyed = { ...two, lanes: { 'head.yaw': { keys, muted: false, solo: false } } };
  const moved = moveClips(keyed, AB, -9);
  expect(moved.clips.map(({ at }) => at)).toEqual([0, 5]);
  expect(moved.lanes['head.yaw']!.keys.map(({ id, at }) => [id, at])).toEqual([
    ['k3', 1], // in the place of what was there
    ['k7.5', 5.5],
  ]);
});

test('trimming the start leaves what is heard where it is', () => {
  expect(only(trimStart(take, 'a', 2.5))).toEqual({ ...clip, at: 2.5, start: 1.5, seconds: 3.5 });
  expect(only(trimStart(take, 'a', 0))).toEqual({ ...clip, at: 1, start: 0, seconds: 5 }); // the sound begins here
  expect(only(trimStart(take, 'a', 9)).seconds).toBeCloseTo(SHORTEST_CLIP, 9);
  const early = moveClips(take, A, -1.5);
  // the timeline begins here
  expect(only(trimStart(early, 'a', -1))).toEqual({ ...clip, at: 0, start: 0.5, seconds: 4.5 });
  const tiny = { ...take, clips: [{ ...clip, at: 0, seconds: 0.02 }] }; // shorter than any that is cut
  expect(trimStart(tiny, 'a', 1)).toBe(tiny);
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
  const loud = addClip(removeClips(take, A), { ...clip, gain: -3, fadeIn: 1, fadeOut: 2 });
  expect(splitClip(loud, 'a', 3.5, 'b').clips).toEqual([
    { ...clip, seconds: 1.5, gain: -3, fadeIn: 1 },
    { ...clip, id: 'b', at: 3.5, start: 2.5, seconds: 2.5, gain: -3, fadeOut: 2 },
  ]);
  expect(splitClip(take, 'a', 2.01, 'b')).toBe(take);
  expect(splitClip(take, 'a', 7, 'b')).toBe(take);
});

test('copies are as far from each other as what was copied, and can be deleted', () => {
  const copied = copyClips(two, AB);
  expect(copied.map(({ at }) => at)).toEqual([0, 5]);
  const ids = ['c', 'd'];
  const pasted = pasteClips(two, copied, 8, () => ids.shift()!);
  expect(pasted.clips.slice(2)).toEqual([
    { ...clip, id: 'c', at: 8 },
    { ...clip, id: 'd', at: 13, seconds: 1 },
  ]);
  expect(takeSeconds(pasted)).toBe(14);
  expect(removeClips(pasted, new Set(['b', 'c', 'd'])).clips).toEqual([clip]);
  expect(removeClips(take, new Set(['nobody']))).toBe(take);
  expect(pasteClips(two, copied, 86_399, () => 'e')).toBe(two); // behind the end of what a take can hold
  expect(pasteClips(two, [], 1, () => 'e')).toBe(two);
});

test('no more clips come on than a take holds', () => {
  const full = { ...take, clips: Array.from({ length: 200 }, (_, k) => ({ ...clip, id: `f${k}`, at: 5 * k })) };
  expect(addClip(full, clip)).toBe(full);
  expect(splitClip(full, 'f0', 1, 'x')).toBe(full);
  expect(pasteClips(full, [clip], 0, () => 'x')).toBe(full);
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
    expect(atOnce([own, clip('b', beep, 1, 1)])).toEqual(['source', beep]);
    expect(atOnce([own, clip('b', beep, 4, 1)])).toBeUndefined();
    expect(atOnce([own, clip('b', 'source', 1, 1)])).toBeUndefined(); // one voice with itself
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
