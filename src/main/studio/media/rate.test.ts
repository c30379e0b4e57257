import { describe, expect, it } from 'vitest';
import { rateOf } from './rate.ts';

/** Frame times of so many gaps, seconds. */
function times(gaps: readonly number[]): Float64Array {
  let at = 0;
  return Float64Array.from([0, ...gaps.map((gap) => (at += gap))]);
}
const even = (count: number, fps: number): number[] => Array.from({ length: count }, () => 1 / fps);

describe('a rate', () => {
  it('is that of the frames, not an average over a freeze, and the freeze makes it variable', () => {
    const { fps, variable } = rateOf(times([...even(60, 25), 2, ...even(60, 25)]), [19.83, 25]);
    expect([fps, variable]).toEqual([25, true]);
    expect(rateOf(times([...even(60, 25), 2, ...even(60, 25)]), [19.83]).fps).toBeCloseTo(25, 9);
  });

  it("is the file's own figure where the frames agree: 29.97 on a clock of milliseconds", () => {
    const gaps = Array.from(
      { length: 200 },
      (_, k) => (Math.round((k + 1) * (1001 / 30)) - Math.round(k * (1001 / 30))) / 1000,
    );
    expect(rateOf(times(gaps), [30000 / 1001])).toEqual({ fps: 30000 / 1001, variable: false });
    expect(rateOf(times(gaps), [0, 600]).fps).toBeCloseTo(29.97, 1);
  });

  it("is the file's own figure where one gap of a short clip is off", () =>
    expect(rateOf(times([...even(12, 8), 0.188, ...even(18, 8)]), [8])).toEqual({ fps: 8, variable: false }));

  it("is not a header's 600 when frames come at 25", () =>
    expect(rateOf(times(even(50, 25)), [600, 600]).fps).toBeCloseTo(25, 9));

  it('of film pulled up to 59.94 in twos and threes is that of the frames', () => {
    const { fps, variable } = rateOf(times(Array.from({ length: 96 }, (_, k) => (k % 2 ? 3 : 2) / 59.94)), [29.97]);
    expect([fps.toFixed(2), variable]).toEqual(['23.98', true]);
  });

  it('stays constant when a frame is missing now and then', () =>
    expect(rateOf(times([...even(200, 30), 2 / 30, ...even(200, 30)]), [30]).variable).toBe(false));

  it('of frames without times is what the file says', () =>
    expect(rateOf(new Float64Array(50).fill(Number.NaN), [0, 12.5])).toEqual({ fps: 12.5, variable: false }));

  it.each([
    ['frames hours apart', times([2500]), [0.0004]],
    ['a header that says 600, and no times', new Float64Array(50).fill(Number.NaN), [600, 600]],
    ['frames at the same time', times([0, 0, 0]), [0, 90000]],
    ['one frame', times([]), []],
    ['one frame of a header that says 25', times([]), [25, 25]],
  ])('is refused: %s', (_, when, declared) =>
    expect(() => rateOf(when, declared)).toThrowError(expect.objectContaining({ code: 'bad-video' })),
  );
});
