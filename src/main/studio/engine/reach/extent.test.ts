import { expect, it } from 'vitest';
import { extentOf, heldEnds, heldExtentOf } from './extent.ts';

/** Ten a second. */
const at = (values: readonly number[]): number[] => values.map((_, k) => k / 10);

it('an end is what is not left again at once', () => {
  const values = [0, 5, 0, 2, 3, 0, -1, -1, 0, -9, 0];
  expect(heldEnds(values, at(values))).toEqual([-1, 2]);
  expect(heldEnds([4], [0])).toEqual([Infinity, -Infinity]);
});

it('who smiles for one second of a hundred smiles no less', () => {
  const values = Float64Array.from({ length: 1000 }, (_, k) => (k >= 400 && k < 410 ? 1 : 0));
  const times = Float64Array.from(values, (_, k) => k / 10);
  expect(extentOf(values).above).toBe(0);
  expect(heldExtentOf(values, times)).toEqual({ usual: 0, below: 0, above: 1 });
});
