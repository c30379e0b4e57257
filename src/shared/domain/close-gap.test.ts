import { expect, test } from 'vitest';
import { removeWithTime } from './close-gap.ts';
import { EMPTY_TAKE, type SoundClip, type Take } from './take.ts';

const clip = (id: string, at: number, seconds: number): SoundClip => ({ id, sound: 'source', at, start: 0, seconds });
const key = (at: number) => ({ id: `k${at}`, at, value: at, curve: 'linear' as const });
const take: Take = {
  ...EMPTY_TAKE,
  clips: [clip('a', 0, 2), clip('b', 2, 3), clip('c', 6, 1)],
  markers: [1, 3, 6].map((at) => ({ id: `m${at}`, at, name: '' })),
  range: { from: 3, to: 6.5 },
  lanes: { 'head.yaw': { keys: [0.5, 2, 4.5, 5, 6].map(key), muted: false, solo: false } },
};
const places = ({ clips }: Take) => clips.map(({ id, at }) => [id, at]);

test('what is later comes earlier by the time that went: clips, markers, in and out, and what is keyed', () => {
  const closed = removeWithTime(take, new Set(['b']));
  expect(places(closed)).toEqual([
    ['a', 0],
    ['c', 3],
  ]);
  expect(closed.markers.map(({ at }) => at)).toEqual([1, 2, 3]);
  expect(closed.range).toEqual({ from: 2, to: 3.5 });
  expect(closed.lanes['head.yaw']!.keys.map(({ id, at }) => [id, at])).toEqual([
    ['k0.5', 0.5],
    ['k5', 2],
    ['k6', 3],
  ]);
});

test('what lies beside it keeps its time: only what nothing else covers goes', () => {
  const beside = { ...take, clips: [...take.clips, clip('d', 3, 1)] };
  // b: 2 to 5; d covers 3 to 4, so 2 to 3 and 4 to 5 go.
  expect(places(removeWithTime(beside, new Set(['b'])))).toEqual([
    ['a', 0],
    ['c', 4],
    ['d', 2],
  ]);
  expect(places(removeWithTime(beside, new Set(['d'])))).toEqual(places(take));
});

test('several go at once; in and out that fall together are none, a lane without keyframes is none', () => {
  const closed = removeWithTime(
    { ...take, range: { from: 2.5, to: 4 }, lanes: { 'head.yaw': { keys: [key(3)], muted: false, solo: false } } },
    new Set(['a', 'b']),
  );
  expect(places(closed)).toEqual([['c', 1]]);
  expect([closed.range, closed.lanes]).toEqual([null, {}]);
  expect(removeWithTime(take, new Set(['gone']))).toBe(take);
});
