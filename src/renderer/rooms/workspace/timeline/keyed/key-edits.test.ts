import { expect, test } from 'vitest';
import { EMPTY_TAKE, type Take } from '../../../../../shared/domain/take.ts';
import { dragged, inLane, keyAt, keyed, keyTimes, laneValue, toggled } from './key-edits.ts';
import { keyNear, risePerPixel, rowY } from './key-geometry.ts';
import { valueInWords } from './lane-words.ts';

const key = (id: string, at: number, value: number) => ({ id, at, value, curve: 'linear' as const });
const lane = (...keys: ReturnType<typeof key>[]) => ({ keys, muted: false, solo: false });
const take: Take = {
  ...EMPTY_TAKE,
  lanes: { 'head.yaw': lane(key('a', 1, -4), key('b', 2, 6), key('c', 3, 0)), 'face.smile': lane(key('s', 2, 0.5)) },
};
const FRAME = 1 / 25;
const at = (now: Take) => now.lanes['head.yaw']?.keys.map((one) => [one.id, one.at, one.value]);

test('setting a control changes the keyframe of that frame, and adds one where there is none', () => {
  const here = { frame: FRAME, id: 'new' };
  expect(at(keyed(take, 'head.yaw', { ...here, at: 2.01, value: 3 }))).toEqual([
    ['a', 1, -4],
    ['b', 2, 3],
    ['c', 3, 0],
  ]);
  expect(at(keyed(take, 'head.yaw', { ...here, at: 2.04, value: 3 }))).toContainEqual(['new', 2.04, 3]);
  expect(keyAt(take, 'head.yaw', 2.03, FRAME)).toBeUndefined();
});

test('a control shows its curve, and what is usual where it has none', () => {
  expect(laneValue(take, 'head.yaw', 1.5, 9)).toBeCloseTo(1);
  expect(laneValue(take, 'head.roll', 1.5, 9)).toBe(9);
});

test('keyframes that are dragged stay within what the person does, and keep their distances', () => {
  const chosen = { ...inLane('head.yaw', ['a', 'b']), ...inLane('face.smile', ['s']) };
  const moved = dragged(take, chosen, { name: 'head.yaw', seconds: 0.5, value: 20 }, { from: -5, to: 8 });
  expect(at(moved)).toEqual([
    ['a', 1.5, -2],
    ['b', 2.5, 8],
    ['c', 3, 0],
  ]);
  expect(moved.lanes['face.smile']?.keys[0]).toMatchObject({ at: 2.5, value: 0.5 });
  expect(at(dragged(take, chosen, { name: 'head.yaw', seconds: -9, value: 0 }, { from: -5, to: 8 }))?.[0]).toEqual([
    'a',
    0,
    -4,
  ]);
});

test('one more is chosen, and left out again', () => {
  const two = toggled(inLane('head.yaw', ['a']), 'head.yaw', 'b');
  expect([...two['head.yaw']!]).toEqual(['a', 'b']);
  expect([...toggled(two, 'head.yaw', 'a')['head.yaw']!]).toEqual(['b']);
});

test('the playhead stops at each keyframe once', () => {
  expect(keyTimes(take)).toEqual([1, 2, 3]);
  expect(keyTimes(take, ['face.smile'])).toEqual([2]);
});

test('a press takes the nearest keyframe by where it is drawn', () => {
  const row = { height: 58, open: true };
  const range = { from: -10, to: 10, usual: 0 };
  const { keys } = take.lanes['head.yaw']!;
  const x = (seconds: number) => 100 * seconds;
  expect(keyNear(keys, { x: 203, y: rowY(row, 6, range) }, row, range, x)?.id).toBe('b');
  expect(keyNear(keys, { x: 203, y: rowY(row, -6, range) }, row, range, x)).toBeUndefined();
  expect(keyNear(keys, { x: 203, y: 3 }, { height: 16, open: false }, range, x)?.id).toBe('b');
  const by = (rowY(row, 0, range) - rowY(row, 5, range)) * risePerPixel(row, range);
  expect(by).toBeCloseTo(5);
});

test('values are said in the unit that they are read in', () => {
  expect(valueInWords('head.yaw', -0.04)).toBe('0.0°');
  expect(valueInWords('face.smile', 0.456)).toBe('46 %');
  expect(valueInWords('head.size', 1.1)).toBe('110 %');
});
