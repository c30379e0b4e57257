import { expect, test } from 'vitest';
import { watch } from './evaluate.ts';

test.each([
  [0.0333, 'best 0.81 with the driven mouth 33 ms late'],
  [-0.0333, 'best 0.81 with the driven mouth 33 ms early'],
  [0, 'best 0.81'],
])('a lag of %s s is told as one says it', (lagSeconds, said) => {
  const [, opening] = watch({
    path: '/a.mp4',
    frames: 50,
    heldOut: 5,
    fps: 25,
    start: 0,
    opening: { r: 0.8, heldOutR: null, bestR: 0.81, lagSeconds },
  });
  expect(opening).toBe(`opening filmed and driven, r 0.80, held out -; ${said}`);
});
