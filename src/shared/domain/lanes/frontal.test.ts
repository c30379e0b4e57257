import { expect, it } from 'vitest';
import { EMPTY_TAKE, Take } from '../take.ts';
import { frontalised, shortOfFrontal } from './frontal.ts';
import { setKey } from './edit.ts';

const range = (from: number, to: number) => ({ from, to, usual: (from + to) / 2 });
let ids = 0;
const newId = (): string => `n${(ids += 1)}`;

it('turns head and gaze to the camera for the whole take, whatever was keyed, and keeps the expression', () => {
  const key = { id: 'a', at: 3, value: 1, curve: 'linear' } as const;
  const keyed = setKey(setKey(setKey(EMPTY_TAKE, 'head.yaw', key), 'face.smile', key), 'gaze.yaw', key);
  const ranges = { 'head.yaw': range(-30, 20), 'head.pitch': range(-10, 5), 'head.roll': range(-5, 5) };
  const { lanes } = Take.parse(frontalised(keyed, ranges, newId));
  expect(lanes['face.smile']).toEqual(keyed.lanes['face.smile']);
  expect(lanes['gaze.yaw']).toBeUndefined();
  for (const [name, value] of [
    ['head.yaw', 0],
    ['head.pitch', 0],
    ['head.roll', 0],
    ['gaze.camera', 1],
  ] as const)
    expect(lanes[name]!.keys.map(({ at, value: is }) => [at, is])).toEqual([[0, value]]);
  expect(shortOfFrontal(ranges)).toEqual([]);
});

it('goes as far as the person ever did, and says where that is', () => {
  const ranges = { 'head.yaw': range(8, 30), 'head.pitch': range(-20, -4), 'head.roll': range(-5, 5) };
  const { lanes } = frontalised(EMPTY_TAKE, ranges, newId);
  expect([lanes['head.yaw']!.keys[0]!.value, lanes['head.pitch']!.keys[0]!.value]).toEqual([8, -4]);
  expect(shortOfFrontal(ranges)).toEqual([
    { name: 'head.yaw', degrees: 8 },
    { name: 'head.pitch', degrees: -4 },
  ]);
});
