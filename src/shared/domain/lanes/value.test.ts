import { describe, expect, it } from 'vitest';
import type { Curve, Keyframe } from './lane.ts';
import { bezierOf, valueAt } from './value.ts';

const key = (at: number, value: number, curve: Curve = 'smooth', more: Partial<Keyframe> = {}): Keyframe => ({
  id: `k${at}`,
  at,
  value,
  curve,
  ...more,
});
const between = (keys: readonly Keyframe[], from: number, to: number): number[] =>
  Array.from({ length: 101 }, (_, k) => valueAt(keys, from + ((to - from) * k) / 100)!);

describe("a lane's value", () => {
  it('is none without keyframes, and that of the only one for ever', () => {
    expect(valueAt([], 1)).toBeUndefined();
    expect([0, 2, 1000].map((at) => valueAt([key(2, 7)], at))).toEqual([7, 7, 7]);
  });

  it('is held before the first keyframe and after the last', () => {
    const keys = [key(1, 3), key(2, 5)];
    expect([0, 1, 2, 9].map((at) => valueAt(keys, at))).toEqual([3, 3, 5, 5]);
  });

  it('stays until the next keyframe, goes there straight, or without a corner', () => {
    const at = (curve: Curve) => [1, 1.25, 1.5, 1.75, 2].map((time) => valueAt([key(1, 0, curve), key(2, 8)], time));
    expect(at('hold')).toEqual([0, 0, 0, 0, 8]);
    expect(at('linear')).toEqual([0, 2, 4, 6, 8]);
    expect(at('smooth')).toEqual([0, 1.25, 4, 6.75, 8]); // 3x² - 2x³
  });

  it('goes through a smooth keyframe with one slope', () => {
    const keys = [key(0, 0), key(1, 1), key(4, 2), key(5, 9)];
    const slope = (at: number, by: number) => (valueAt(keys, at + by)! - valueAt(keys, at)!) / by;
    expect(slope(1, 1e-6)).toBeCloseTo(slope(1, -1e-6), 3);
    expect(slope(4, 1e-6)).toBeCloseTo(slope(4, -1e-6), 3);
    expect(slope(1, 1e-6)).toBeGreaterThan(0.3);
  });

  it.each([
    ['rising unevenly', [0, 0.1, 5, 5.1, 40]],
    ['with a plateau', [0, 3, 3, 3, 8]],
    ['up and down', [0, 9, -4, -4.1, 2]],
  ])('never overshoots its keyframes, %s', (_, values) => {
    const keys = values.map((value, k) => key([0, 0.1, 2, 2.2, 6][k]!, value));
    for (const [place, { at, value }] of keys.slice(0, -1).entries()) {
      const next = keys[place + 1]!;
      const steps = between(keys, at, next.at);
      const rises = Math.sign(next.value - value);
      for (let k = 1; k < steps.length; k++) expect(rises * (steps[k]! - steps[k - 1]!)).toBeGreaterThanOrEqual(-1e-9);
      expect(Math.max(...steps)).toBeLessThanOrEqual(Math.max(value, next.value) + 1e-9);
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(Math.min(value, next.value) - 1e-9);
    }
  });

  it('does not swing into or out of what is held', () => {
    const keys = [key(0, 0, 'hold'), key(1, 5), key(2, 10)];
    expect(valueAt(keys, 1.1)!).toBeCloseTo(5 + 5 * (3 * 0.01 - 2 * 0.001), 9);
  });

  it('follows handles: where they lead, in time too', () => {
    const keys = [
      key(0, 0, 'smooth', { after: { seconds: 0.9, value: 0 } }),
      key(1, 1, 'smooth', { before: { seconds: 0.9, value: 0 } }),
    ];
    // at the curve's middle both are half way: time is .125·0 + .375·.9 + .375·.1 + .125
    expect(valueAt(keys, 0.5)!).toBeCloseTo(0.5, 6);
    expect(valueAt(keys, 0.25)!).toBeLessThan(0.06);
    expect(valueAt(keys, 0.75)!).toBeGreaterThan(0.94);
    const far = [key(0, 0, 'smooth', { after: { seconds: 0.5, value: 4 } }), key(1, 0)];
    expect(Math.max(...between(far, 0, 1))).toBeGreaterThan(1);
  });

  it('has one value at every time, whatever handles say', () => {
    const keys = [
      key(0, 0, 'smooth', { after: { seconds: 50, value: 3 } }),
      key(1, 1, 'smooth', { before: { seconds: 50, value: -3 } }),
    ];
    expect(bezierOf({ before: undefined, key: keys[0]!, next: keys[1]!, after: undefined }).times).toEqual([
      0, 1, 0, 1,
    ]);
    const steps = between(keys, 0, 1);
    expect(steps.every(Number.isFinite)).toBe(true);
    expect(steps[0]).toBeCloseTo(0, 6);
    expect(steps[100]).toBe(1);
  });

  it('takes a look at so few keyframes that the longest lane costs nothing', () => {
    let looks = 0;
    const keys = Array.from({ length: 5000 }, (_, k) => key(k / 10, k % 7));
    const watched = new Proxy(keys, {
      get(target, property) {
        if (typeof property === 'string' && /^\d+$/.test(property)) looks += 1;
        return Reflect.get(target, property) as unknown;
      },
    });
    for (let at = 0; at < 500; at += 7.77) {
      looks = 0;
      expect(valueAt(watched, at)).toBe(valueAt(keys, at));
      expect(looks).toBeLessThanOrEqual(17); // 13 halvings, and 4 around
    }
  });
});
