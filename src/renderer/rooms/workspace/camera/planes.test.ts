import { expect, it } from 'vitest';
import { writePlanes } from './planes.ts';

/** Two by two pixels of one colour. */
function planesOf(r: number, g: number, b: number): number[] {
  const planes = new Uint8Array(6);
  writePlanes(
    Uint8ClampedArray.from({ length: 16 }, (_, k) => [r, g, b, 255][k % 4]!),
    2,
    2,
    planes,
  );
  return [...planes];
}

it.each([
  ['black', [0, 0, 0], [0, 0, 0, 0, 128, 128]],
  ['white', [255, 255, 255], [255, 255, 255, 255, 128, 128]],
  ['red', [255, 0, 0], [76, 76, 76, 76, 85, 255]],
  ['blue', [0, 0, 255], [29, 29, 29, 29, 255, 107]],
] as const)('%s is what JPEG makes of it', (_, [r, g, b], planes) => {
  expect(planesOf(r, g, b)).toEqual(planes);
});

it('each pixel has its own luma, and four share their colour', () => {
  const rgba = new Uint8ClampedArray(4 * 4 * 2);
  rgba.set([255, 255, 255, 255], 0); // the first of eight
  const planes = new Uint8Array(12);
  writePlanes(rgba, 4, 2, planes);
  expect([...planes.subarray(0, 8)]).toEqual([255, 0, 0, 0, 0, 0, 0, 0]);
  expect([...planes.subarray(8)]).toEqual([128, 128, 128, 128]);
});
