import { expect, it } from 'vitest';
import { poseVertices, projectVertex } from './geometry.ts';
import { EXPRESSIONS, VERTICES } from './sizes.ts';

it('an expression moves each vertex by the sum of what its coefficients do', () => {
  const neutral = Float32Array.from({ length: VERTICES * 3 }, (_, i) => i);
  const expressionBasis = new Float32Array(EXPRESSIONS * VERTICES * 3);
  expressionBasis[4] = 2; // coefficient 0, vertex 1, y
  expressionBasis[(63 * VERTICES + 1) * 3 + 1] = -1; // coefficient 63, the same
  const expression = new Float32Array(EXPRESSIONS);
  [expression[0], expression[63]] = [0.5, 0.25];
  for (let time = 0; time < 2; time++) {
    const out = new Float32Array(VERTICES * 3);
    poseVertices({ neutral, expressionBasis }, expression, out);
    expect(out[4]).toBe(4.75);
    out[4] = 4;
    expect(out).toEqual(neutral);
  }
});

it('a camera sees what is right of its axis on the right, what is above above, and twice as far half as large', () => {
  const camera = { focal: 1000, principal: [320, 240] };
  const seen = new Float64Array(3);
  const at = (z: number) => {
    const pose = { rotation: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), translation: Float32Array.of(0, 0, z) };
    projectVertex(camera, pose, Float32Array.of(9, 9, 9, 5, 2, 0), 3, seen);
    return [...seen];
  };
  expect(at(-50)).toEqual([420, 200, 50]);
  expect(at(-100)).toEqual([370, 220, 100]);
});

it('a head that is turned by a quarter shows its side', () => {
  const seen = new Float64Array(3);
  const pose = { rotation: Float32Array.of(0, 0, 1, 0, 1, 0, -1, 0, 0), translation: Float32Array.of(0, 0, -50) };
  projectVertex({ focal: 100, principal: [0, 0] }, pose, Float32Array.of(0, 0, 10), 0, seen);
  expect([...seen]).toEqual([20, 0, 50]);
});
