import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { addressOf, bringBack, kernelFloats, kernelInts, kernelOctets, kernels, kernelShorts } from './index.ts';

const SIDE = 4;
/** Samples a picture of 4x4 texels that lies outside of the kernels' memory; `offsets` [G,G,2] move the positions. */
function sampled(picture: Float32Array, positions: number[], offsets = new Float32Array(0)): Float32Array {
  const out = new Float32Array(positions.length * 2);
  const seeing = kernelInts(Array.from({ length: SIDE }, () => [-9, 9]).flat());
  const places = kernelFloats(positions.length * 2);
  const count = positions.length / 2;
  const at = Float32Array.from(positions, (texel) => (texel * 256) / SIDE);
  const side = Math.sqrt(offsets.length / 2);
  kernels.locate(addressOf(at), count, SIDE, addressOf(offsets), side, addressOf(places));
  kernels.sample(addressOf(picture), SIDE, addressOf(seeing), addressOf(places), count, 1, addressOf(out));
  bringBack(out);
  return out;
}

it('arrays stay good while their memory grows, and begin as zeros', () => {
  const small = kernelFloats(3);
  small.set([1, 2, 3]);
  const large = kernelFloats(1 << 20);
  expect(large.every((value) => value === 0)).toBe(true);
  expect([...small]).toEqual([1, 2, 3]);
  small[1] = 5;
  expect(new Float32Array(large.buffer, addressOf(small), 3)[1]).toBe(5);
});

it('memory that nobody holds any more is used again', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const size = 3 << 20;
  let farthest = 0;
  for (let round = 0; round < 12; round++) {
    farthest = Math.max(farthest, kernelOctets(size).byteOffset);
    collect();
    await sleep(5);
  }
  expect(farthest).toBeLessThan(8 * size); // where one behind the other would come to 11 and more
});

it('textures are added to a chart by their weights', () => {
  const textures = Int8Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? i / 2 : -100)); // [1,2,4,4] of two pairs
  const weights = kernelShorts(4);
  weights.set([2, 1, -1, 3]);
  const chart = new Float32Array(20).fill(7);
  kernels.mix(addressOf(chart), addressOf(textures), addressOf(weights), 2, addressOf(kernelInts([16, 1])), 1, 0.5);
  bringBack(chart);
  // 16 values of the first pair, then 16 of the second, the second texture of each -100 everywhere
  const sums = Array.from({ length: 16 }, (_, i) => 7 + 0.5 * (2 * i - 100 - (16 + i) - 300));
  expect([...chart]).toEqual([7, 7, 7, 7, ...sums]);
});

it('a picture is sampled by cubic convolution, its edge repeated', () => {
  const picture = new Float32Array(SIDE * SIDE * 4);
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++)
      picture.set([column, row * 10, column === 1 && row === 1 ? 1 : 0, 1], (row * SIDE + column) * 4);
  const [centre, between, corner] = [0, 1, 2].map((k) => sampled(picture, [1.5, 1.5, 2, 2, -7, -7]).subarray(k * 4));
  expect([...centre!.subarray(0, 4)]).toEqual([1, 10, 1, 1]);
  // half way the weights are -3/32, 19/32, 19/32, -3/32
  expect(between![0]).toBeCloseTo(1.5, 6);
  expect(between![1]).toBeCloseTo(15, 5);
  expect(between![2]).toBeCloseTo((19 / 32) ** 2, 6);
  expect(between![3]).toBeCloseTo(1, 6);
  expect([...corner!.subarray(0, 4)].map(Math.round)).toEqual([0, 0, 0, 1]);
});

it('what is sampled may lie where a grid of offsets says', () => {
  const picture = new Float32Array(SIDE * SIDE * 4);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) picture.set([pixel % SIDE, pixel >> 2, 0, 1], pixel * 4);
  // half a texel to the right on the grid's left, nothing on its right; a texel down at its bottom
  const offsets = Float32Array.of(32, 0, 0, 0, 32, 64, 0, 64);
  const found = sampled(picture, [1.5, 1.5, 1.5, 2, -3, 1], offsets);
  // The grid's centres lie at texels 1 and 3: at 1.5 it is a quarter of the way from one to the other.
  const moved = sampled(picture, [1.5 + 0.375, 1.5 + 0.25, 1.5 + 0.375, 2 + 0.5, -3 + 0.5, 1]);
  for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(moved[i]!, 5);
});

it('colour that was multiplied by alpha becomes straight bytes', () => {
  const levels = Float32Array.of(60, 300, -5, 127.5, 0.2, 0.2, 0.2, 0.4, 255, 0, 100.4, 255);
  const rgba = new Uint8Array(12);
  kernels.straighten(addressOf(levels), 3, addressOf(rgba));
  bringBack(levels);
  bringBack(rgba);
  expect([...rgba]).toEqual([120, 255, 0, 128, 0, 0, 0, 0, 255, 0, 100, 255]);
  for (const [c, level] of [60 / 255, 1, 0, 0.5].entries()) expect(levels[c]).toBeCloseTo(level, 6);
});
