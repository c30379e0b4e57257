import { describe, expect, it } from 'vitest';
import { rasterize, rasterTarget } from './rasterizer.ts';

const one = (count: number) => new Float32Array(count).fill(1);
const covered = (depth: Float32Array) => Array.from(depth, (z) => (z === Infinity ? '.' : '#')).join('');

describe('the rasteriser', () => {
  it('covers exactly the pixel centres inside, edges included', () => {
    const target = rasterTarget(4, 4, 1);
    // Right angle at the corner, legs of 4: centres with x + y <= 4, those on the long side too.
    rasterize(target, Float32Array.of(0, 0, 1, 4, 0, 1, 0, 4, 1), 1, one(3), Int32Array.of(0, 1, 2));
    expect(covered(target.depth)).toBe('####' + '###.' + '##..' + '#...');
  });

  it('covers the same whichever way the triangle turns, and nothing for one without area', () => {
    const target = rasterTarget(4, 4, 1);
    rasterize(target, Float32Array.of(0, 0, 1, 0, 4, 1, 4, 0, 1), 1, one(3), Int32Array.of(0, 1, 2));
    expect(covered(target.depth)).toBe('####' + '###.' + '##..' + '#...');
    rasterize(target, Float32Array.of(0, 0, 1, 2, 2, 1, 4, 4, 1), 1, one(3), Int32Array.of(0, 1, 2));
    expect(covered(target.depth)).toBe('.'.repeat(16));
  });

  it('keeps the nearer triangle, and the earlier of two at the same depth', () => {
    const target = rasterTarget(2, 2, 1);
    const positions = Float32Array.of(-1, -1, 5, 9, -1, 5, -1, 9, 5, -1, -1, 3, 9, -1, 3, -1, 9, 3);
    const attributes = Float32Array.of(1, 1, 1, 2, 2, 2);
    rasterize(target, positions, 1, attributes, Int32Array.of(0, 1, 2, 3, 4, 5));
    expect([...target.image]).toEqual([2, 2, 2, 2]);
    expect([...target.depth]).toEqual([3, 3, 3, 3]);
    positions.fill(5, 2, 3);
    for (let vertex = 0; vertex < 6; vertex++) positions[vertex * 3 + 2] = 4;
    rasterize(target, positions, 1, attributes, Int32Array.of(0, 1, 2, 3, 4, 5));
    expect([...target.image]).toEqual([1, 1, 1, 1]);
  });

  it('interpolates attributes and depth linearly in screen space', () => {
    const target = rasterTarget(8, 8, 2);
    // Attribute 0 is x, attribute 1 is 10 y, depth is x + 2 y + 1, over a triangle that holds the whole picture.
    const corners = [
      [-8, -8],
      [32, -8],
      [-8, 32],
    ] as const;
    const positions = Float32Array.from(corners.flatMap(([x, y]) => [x, y, x + 2 * y + 100]));
    rasterize(
      target,
      positions,
      1,
      Float32Array.from(corners.flatMap(([x, y]) => [x, 10 * y])),
      Int32Array.of(0, 1, 2),
    );
    for (const [x, y] of [
      [0, 0],
      [7, 0],
      [3, 5],
      [7, 7],
    ] as const) {
      expect(target.image[(y * 8 + x) * 2]).toBeCloseTo(x + 0.5, 4);
      expect(target.image[(y * 8 + x) * 2 + 1]).toBeCloseTo(10 * (y + 0.5), 3);
      expect(target.depth[y * 8 + x]).toBeCloseTo(x + 0.5 + 2 * (y + 0.5) + 100, 3);
    }
  });

  it('takes positions at another scale', () => {
    const target = rasterTarget(4, 4, 0);
    rasterize(target, Float32Array.of(0, 0, 1, 16, 0, 1, 0, 16, 1), 0.25, new Float32Array(0), Int32Array.of(0, 1, 2));
    expect(covered(target.depth)).toBe('####' + '###.' + '##..' + '#...');
  });
});
