import { expect, it } from 'vitest';
import { cholesky, product, solve, transposed } from './linear.ts';

const matrix = Float64Array.of(4, 2, 2, 10);

it('a symmetric matrix is its lower triangle times that transposed', () => {
  const lower = cholesky(matrix, 2);
  expect([...lower]).toEqual([2, 0, 1, 3]);
  expect([...product(lower, transposed(lower, 2), 2)]).toEqual([...matrix]);
});

it('a system is solved for every column', () => {
  // 4x + 2y = 8 and 2x + 10y = 22; the second column is the first of the inverse, times 36
  const solved = solve(matrix, 2, Float64Array.of(8, 36, 22, 0), 2);
  [1, 10, 2, -2].forEach((value, k) => expect(solved[k]).toBeCloseTo(value, 12));
});
