import { expect, it } from 'vitest';
import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import { apertures } from './aperture.ts';

it('is the distance of the inner lips in inter-ocular distances of the neutral shape', () => {
  const neutral = new Float32Array(VERTICES * 3);
  const basis = new Float32Array(EXPRESSIONS * VERTICES * 3);
  const put = (vertex: number, ...position: number[]) => neutral.set(position, vertex * 3);
  // The eyes' middles at x = -3 and x = 3, each between its two corners; the lips 0.3 cm apart.
  put(33, -4, 5, 0);
  put(133, -2, 5, 0);
  put(362, 2, 5, 0);
  put(263, 4, 5, 0);
  put(13, 0, 0.3, 1);
  basis[(2 * VERTICES + 14) * 3 + 1] = -0.45; // coefficient 2 lowers the lower lip by 4.5 mm a unit
  basis[(3 * VERTICES + 14) * 3 + 2] = 0.4; // coefficient 3 brings it forward by 4 mm a unit
  put(14, 0, 0, 1);
  const expressions = new Float32Array(3 * EXPRESSIONS);
  expressions[EXPRESSIONS + 2] = 2;
  expressions[2 * EXPRESSIONS + 3] = 1;
  const [closed, lowered, forward] = apertures({ neutral, expressionBasis: basis }, expressions);
  expect(closed).toBeCloseTo(0.3 / 6);
  expect(lowered).toBeCloseTo(1.2 / 6);
  expect(forward).toBeCloseTo(0.5 / 6); // 3-4-5
});
