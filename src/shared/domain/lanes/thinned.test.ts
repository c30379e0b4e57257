import { describe, expect, it } from 'vitest';
import type { Keyframe, Lanes } from './lane.ts';
import { thinned, withoutStraight } from './thinned.ts';
import { valueAt } from './value.ts';

const keys = (values: readonly number[]): Keyframe[] =>
  values.map((value, k) => ({ id: `${k}`, at: k / 25, value, curve: 'linear' }));
const lane = (values: readonly number[]) => ({ keys: keys(values), muted: false, solo: false });
const ids = (all: readonly Keyframe[]) => all.map(({ id }) => id);

describe('keyframes of every frame', () => {
  it('become the corners of what they say', () => {
    expect(ids(withoutStraight(keys([0, 1, 2, 3, 2, 1, 0, 0, 0]), 0.1))).toEqual(['0', '3', '6', '8']);
    expect(ids(withoutStraight(keys([0, 1, 2, 3]), 0.1))).toEqual(['0', '3']);
    expect(ids(withoutStraight(keys([2, 2.05, 1.95, 2]), 0.1))).toEqual(['0']);
    expect(withoutStraight([], 0.1)).toEqual([]);
  });

  it('say the same to within what is allowed', () => {
    const values = Array.from({ length: 500 }, (_, k) => 10 * Math.sin(k / 9) + 4 * Math.sin(k / 2.3));
    const kept = withoutStraight(keys(values), 0.5);
    expect(kept.length).toBeLessThan(250);
    values.forEach((value, k) => expect(Math.abs(valueAt(kept, k / 25)! - value)).toBeLessThanOrEqual(0.5 + 1e-9));
  });

  it('are as many as a take holds: of a long take, further off', () => {
    const wild = (seed: number) => lane(Array.from({ length: 9000 }, (_, k) => 20 * Math.sin(seed + k * k)));
    const long: Lanes = { 'head.yaw': wild(1), 'head.pitch': wild(2), 'face.jaw': lane([0, 1, 0]) };
    const { lanes, coarser } = thinned(long, () => 0.5);
    expect(coarser).toBeGreaterThan(1);
    for (const name of ['head.yaw', 'head.pitch'] as const) expect(lanes[name]!.keys.length).toBeLessThanOrEqual(2000);
    expect(thinned({ 'face.jaw': long['face.jaw']! }, () => 0.04)).toMatchObject({ coarser: 1 });
  });

  it('stay where each is a moment', () => {
    const blinks = lane([1, 1, 1]);
    expect(thinned({ 'blink.once': blinks }, () => 1).lanes['blink.once']).toEqual(blinks);
  });
});
