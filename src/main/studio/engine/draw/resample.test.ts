import { expect, it } from 'vitest';
import { Resampler } from './resample.ts';

const SIDE = 9;
const picture = {
  width: SIDE,
  height: 7,
  pixels: Uint8Array.from({ length: SIDE * 7 * 4 }, (_, i) => (i % 4 === 3 ? 9 : (i * 53 + (i >> 2) * 17) % 256)),
};

/** A sample anywhere in the picture: bilinear between the centres of its pixels, edges repeat. */
function sampled(x: number, y: number, channel: number): number {
  const [u, v] = [Math.min(Math.max(x - 0.5, 0), SIDE - 1), Math.min(Math.max(y - 0.5, 0), 6)];
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const at = (dx: number, dy: number) =>
    picture.pixels[(Math.min(row + dy, 6) * SIDE + Math.min(column + dx, SIDE - 1)) * 4 + channel]!;
  const between = (dy: number) => at(0, dy) + (u - column) * (at(1, dy) - at(0, dy));
  return between(0) + (v - row) * (between(1) - between(0));
}

it.each([
  ['smaller, several samples a pixel', { x0: 0.5, y0: 0.25, width: 8, height: 6 }, 4, 2, 3],
  ['larger', { x0: 2.25, y0: 1.5, width: 3, height: 2 }, 6, 8, 1],
  ['beyond its edges', { x0: -4, y0: -3, width: 18, height: 14 }, 6, 4, 4],
])('a part of a picture at another size: %s', (_, view, width, height, samples) => {
  const out = new Uint8Array(width * height * 4);
  new Resampler().resample(picture, view, width, height, out);
  const expected = Array.from({ length: out.length }, (__, i) => {
    const [x, y, channel] = [(i >> 2) % width, Math.floor((i >> 2) / width), i % 4];
    if (channel === 3) return 255;
    let sum = 0;
    for (let k = 0; k < samples ** 2; k++) {
      const [sx, sy] = [k % samples, Math.floor(k / samples)];
      sum += sampled(
        view.x0 + ((x + (sx + 0.5) / samples) / width) * view.width,
        view.y0 + ((y + (sy + 0.5) / samples) / height) * view.height,
        channel,
      );
    }
    return sum / samples ** 2;
  });
  expect(Math.max(...expected.map((value, i) => Math.abs(value - out[i]!)))).toBeLessThan(0.51);
});

it('its buffers serve parts of any size after each other', () => {
  const resampler = new Resampler();
  const whole = { x0: 0, y0: 0, width: SIDE, height: 7 };
  const once = new Uint8Array(SIDE * 7 * 4);
  resampler.resample(picture, whole, SIDE, 7, once);
  resampler.resample(picture, whole, 3, 2, new Uint8Array(3 * 2 * 4));
  const again = new Uint8Array(once.length);
  resampler.resample(picture, whole, SIDE, 7, again);
  expect(again).toEqual(once);
  expect([...once.subarray(0, 3)]).toEqual([...picture.pixels.subarray(0, 3)]);
});
