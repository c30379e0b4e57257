import { expect, test } from 'vitest';
import { countsOf } from './analysis.ts';

test('every frame is counted, and none that there is not', () => {
  expect(countsOf({ states: { good: 129, missing: 20, blurred: 0, occluded: 0, other: 1 } })).toBe(
    '129 good, 20 without a face, 1 of another person',
  );
  expect(countsOf({ states: { good: 100, missing: 0, blurred: 0, occluded: 0, other: 0 } })).toBe('100 good');
});
