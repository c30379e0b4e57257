import { expect, it } from 'vitest';
import { framePitch } from './pitch.ts';

/** Rows at 100 Hz of [octaves above 50 Hz, voicing]. */
const rows = (...values: readonly (readonly [number, number])[]) => Float32Array.from(values.flat());
const voiced = (octaves: number) => [octaves, 0.9] as const;
const silent = [1.7, 0.1] as const; // what the detector says of silence is a guess

it('is the mean of the octaves of a frame, not of its frequencies', () => {
  // 25 frames a second: four rows each. 100 Hz and 400 Hz are one and three octaves up; their middle is 200 Hz.
  expect(
    framePitch(rows(voiced(1), voiced(1), voiced(3), voiced(3), voiced(2), voiced(2), voiced(2), voiced(2)), 25, 2),
  ).toEqual(Float32Array.of(200, 200));
});

it('is given where at least half of the frame is voiced', () => {
  const [half, less] = framePitch(rows(voiced(1), silent, silent, voiced(1), voiced(1), silent, silent, silent), 25, 2);
  expect(half).toBe(100);
  expect(less).toBeNaN();
});

it('holds at the end of the sound, and at more frames a second than rows', () => {
  expect(framePitch(rows(silent, voiced(2)), 25, 3)[2]).toBe(200);
  expect([...framePitch(rows(voiced(1), voiced(2)), 200, 4)]).toEqual([100, 200, 200, 200]);
});
