import { expect, it } from 'vitest';
import { CROP_SIDE } from '../../../../shared/face/index.ts';
import { PIXELS, type Proxies } from '../draw/index.ts';
import { FaceMask } from './face-mask.ts';

const [FOREHEAD, CHIN] = [10, 152];
const [LEFT, RIGHT, TOP] = [80, 176, 60];
const CORNERS = [FOREHEAD, CHIN, 0, 1];

/** A face as a box: its mesh on the crop, and what is drawn of it. */
function face(chin: number): { screen: Float32Array; driven: Pick<Proxies, 'screen' | 'triangles' | 'depth'> } {
  const screen = new Float32Array(468 * 3);
  const corners = [
    [LEFT, TOP],
    [RIGHT, chin],
    [RIGHT, TOP],
    [LEFT, chin],
  ] as const;
  CORNERS.forEach((vertex, k) => screen.set([...corners[k]!, 50], vertex * 3));
  const depth = new Float32Array(PIXELS).fill(Infinity);
  for (let y = TOP; y < chin; y++) depth.fill(50, y * CROP_SIDE + LEFT, y * CROP_SIDE + RIGHT);
  const triangles = Int32Array.from([FOREHEAD, 0, CHIN, FOREHEAD, CHIN, 1]);
  return { screen, driven: { screen, depth, triangles } };
}

function maskOf(drivenChin: number, sourceChin: number): (y: number) => number {
  const mask = new FaceMask();
  mask.draw(face(drivenChin).driven, face(sourceChin).screen);
  return (y) => mask.mask[y * CROP_SIDE + 128]!;
}

it.each([
  ['the jaw rises', 160, 172],
  ['the jaw drops', 172, 160],
])('neither of two chins shines through the other: %s', (_, driven, source) => {
  const weight = maskOf(driven, source);
  for (const chin of [driven, source]) for (let y = chin - 3; y <= chin + 2; y++) expect(weight(y)).toBe(1);
  expect(weight(source + 25)).toBeCloseTo(0);
  expect(weight(driven + 25)).toBeCloseTo(0);
});

it('where the chin stays, the ramp lies about it as elsewhere', () => {
  const weight = maskOf(170, 170);
  expect(Math.abs(weight(169) - 0.5)).toBeLessThan(0.15);
  expect(weight(TOP + 40)).toBe(1);
  expect(Math.abs(weight(TOP) - weight(169))).toBeLessThan(1e-6);
});
