import { expect, test } from 'vitest';
import { FIT, laidOut, pan, place, type SourcePart, type Zoom, zoomAt } from './placement.ts';

const part: SourcePart = { x0: 100, y0: 40, width: 400, height: 200 };
const stage = { width: 1000, height: 900 };

test('what fits touches the nearer pair of edges and lies in the middle', () => {
  expect(place(FIT, part, stage)).toEqual({ scale: 2.5, part, left: 0, top: 200 });
  expect(place(FIT, part, stage, 100)).toEqual({ scale: 2, part, left: 100, top: 250 });
});

test('at 100 % one source pixel is one screen pixel', () => {
  expect(place({ kind: 'free', scale: 1, x: 0.5, y: 0.5 }, part, stage)).toEqual({
    scale: 1,
    part,
    left: 300,
    top: 350,
  });
});

test('zooming keeps the point under the pointer where it is', () => {
  const before = place(FIT, part, stage);
  const at = { x: 700, y: 320 };
  const after = place(zoomAt(before, 1.7, stage, at), part, stage);
  expect(after.scale).toBeCloseTo(2.5 * 1.7);
  // whole pixels: half a pixel may be lost
  expect(Math.abs(after.left + ((at.x - before.left) / before.scale) * after.scale - at.x)).toBeLessThanOrEqual(0.5);
  expect(Math.abs(after.top + ((at.y - before.top) / before.scale) * after.scale - at.y)).toBeLessThanOrEqual(0.5);
});

test('zooming ends at a tile a pixel, and at half of what fits', () => {
  const middle = { x: 500, y: 450 };
  expect(zoomAt(place(FIT, part, stage), 1e6, stage, middle)).toMatchObject({ scale: 16 });
  expect(zoomAt(place(FIT, part, stage), 1e-6, stage, middle)).toMatchObject({ scale: 0.5 });
});

test('a pan moves the picture by as much, and stops when its edge is in the middle', () => {
  const before = place({ kind: 'free', scale: 4, x: 0.5, y: 0.5 }, part, stage);
  const after = place(pan(before, stage, 30, -20), part, stage);
  expect([after.left - before.left, after.top - before.top]).toEqual([30, -20]);
  expect(pan(before, stage, 1e6, 0)).toMatchObject({ x: 0 });
});

test('steps of less than a pixel add up', () => {
  let zoom: Zoom = { kind: 'free', scale: 4, x: 0.5, y: 0.5 };
  const before = place(zoom, part, stage);
  for (let step = 0; step < 10; step++) zoom = pan(laidOut(zoom, part, stage), stage, 0.4, -0.3);
  const after = place(zoom, part, stage);
  expect([after.left - before.left, after.top - before.top]).toEqual([4, -3]);
});
