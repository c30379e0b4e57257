import { expect, it } from 'vitest';
import { addressOf, kernelFloats, kernelInts, kernelOctets, kernels } from './index.ts';

const layerOf = (...values: number[]) => {
  const layer = kernelFloats(values.length);
  layer.set(values);
  return layer;
};

it('a layer lies over bytes by its weight, and leaves them as they are where it weighs nothing', () => {
  const pixels = kernelOctets(2 * 12); // two rows of three pixels, of which the layer covers the middle column
  pixels.fill(100);
  const layer = layerOf(50, 0, 300, 0.5, 9, 9, 9, 0.001);
  kernels.lay(addressOf(layer), 1, 2, addressOf(pixels) + 4, 12);
  expect([...pixels.subarray(0, 12)]).toEqual([100, 100, 100, 100, 100, 50, 255, 178, 100, 100, 100, 100]);
  expect([...pixels.subarray(12)]).toEqual(Array.from({ length: 12 }, () => 100));
});

it('laid over nothing a layer is itself, and what hides all goes on hiding it', () => {
  const pixels = kernelOctets(2 * 4);
  pixels.set([0, 0, 0, 0, 200, 200, 200, 255]);
  const layer = layerOf(50, 0, 20, 0.25, 50, 0, 20, 0.25);
  kernels.lay(addressOf(layer), 2, 1, addressOf(pixels), 8);
  expect([...pixels]).toEqual([50, 0, 20, 64, 200, 150, 170, 255]);
});

it('straight bytes become a layer', () => {
  const rgba = kernelOctets(4);
  rgba.set([200, 100, 0, 51]);
  const layer = kernelFloats(4);
  kernels.fromStraight(addressOf(rgba), 1, addressOf(layer));
  expect([...layer].map((value) => Math.round(value * 1000) / 1000)).toEqual([40, 20, 0, 0.2]);
});

it('a row is stretched and rows are blended by what each new pixel is made of', () => {
  const row = layerOf(0, 1, 2, 3, 10, 11, 12, 13);
  const first = kernelInts([0, 1, 1, 1, 0, 0]);
  const weight = layerOf(0.75, 0.25, 1, 0, 0.5, 0.5);
  const out = kernelFloats(12);
  kernels.stretch(addressOf(row), addressOf(first), addressOf(weight), 2, 3, addressOf(out));
  expect([...out]).toEqual([2.5, 3.5, 4.5, 5.5, 10, 11, 12, 13, 0, 1, 2, 3]);
  const line = kernelFloats(4);
  const rows = layerOf(0, 4, 8, 12, 100, 100, 100, 100);
  kernels.blendRows(addressOf(rows), addressOf(first), addressOf(weight), 2, 1, addressOf(line));
  expect([...line]).toEqual([25, 28, 31, 34]);
  kernels.addShare(addressOf(line), addressOf(rows), 4, 0.5);
  expect([...line]).toEqual([25, 30, 35, 40]);
});

it('rows are blended onto others', () => {
  const rows = layerOf(...[1, 2, 3, 4].flatMap((level) => [level, level, level, level, 0, 0, 0, 0]));
  const weight = layerOf(-0.5, 1, 1, -0.5);
  const base = layerOf(10, 20, 30, 40);
  const out = kernelFloats(4);
  const first = kernelInts([0, 1, 2, 3]);
  kernels.blendOnto(addressOf(rows), 32, addressOf(first), addressOf(weight), 1, addressOf(base), addressOf(out));
  expect([...out]).toEqual([12.5, 22.5, 32.5, 42.5]);
});

it('a mask weighs a layer between its pixels, and nothing beyond them', () => {
  const mask = layerOf(0, 1, 0, 1); // 2x2: left nothing, right all
  const layer = layerOf(...Array.from({ length: 20 }, () => 100));
  // pixels at -1, 0, 0.5, 1 and 2 of the mask's row 0
  kernels.weigh(addressOf(layer), 2, 1, addressOf(mask), 2, -1, 0, 1, 1);
  kernels.weigh(addressOf(layer) + 32, 3, 1, addressOf(mask), 2, 0.5, 0, 0.5, 0.5);
  expect([0, 1, 2, 3, 4].map((pixel) => layer[pixel * 4])).toEqual([0, 0, 25, 50, 50]);
});

it('tone changes a colour by how light it is, and keeps it within its weight', () => {
  const layer = layerOf(50, 50, 50, 0.5, 120, 120, 120, 0.5);
  kernels.tone(addressOf(layer), 2, 0.5, 60, 2, 0, -2);
  // the first has luma 50 of weight 0.5: 50 + 0.5 * (50 - 30) = 60, and half of 2
  expect([...layer].map((value) => Math.round(value * 100) / 100)).toEqual([61, 60, 59, 0.5, 127.5, 127.5, 127.5, 0.5]);
});

it('RGBA becomes planes of BT.709, with chroma between two columns and two rows', () => {
  const [width, height] = [6, 4];
  const rgba = kernelOctets(width * height * 4);
  for (let i = 0; i < rgba.length; i++) rgba[i] = (i * 37 + (i >> 3) * 11) % 256;
  rgba.set([255, 255, 255, 0, 0, 0, 0, 255]); // alpha is left out
  const planes = kernelOctets(width * height * 1.5);
  const at = addressOf(planes);
  kernels.toPlanes(addressOf(rgba), width, height, at, at + 24, at + 30);
  const levels = (pixel: number) => {
    const [r, g, b] = [...rgba.subarray(pixel * 4, pixel * 4 + 3)] as [number, number, number];
    const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return { luma, blue: (b - luma) / 1.8556, red: (r - luma) / 1.5748 };
  };
  const expected = Array.from({ length: width * height }, (_, pixel) => 16 + (levels(pixel).luma * 219) / 255);
  for (const colour of ['blue', 'red'] as const)
    for (let row = 0; row < height; row += 2)
      for (let column = 0; column < width; column += 2) {
        const of = (x: number) => {
          const at = Math.min(Math.max(x, 0), width - 1);
          return levels(row * width + at)[colour] + levels((row + 1) * width + at)[colour];
        };
        const mean = (9 * (of(column) + of(column + 1)) - of(column - 1) - of(column + 2)) / 32;
        expected.push(128 + (mean * 224) / 255);
      }
  expect([planes[0], planes[1]]).toEqual([235, 16]);
  const off = expected.map((level, i) => Math.abs(level - planes[i]!));
  expect(Math.max(...off)).toBeLessThan(0.51);
});
