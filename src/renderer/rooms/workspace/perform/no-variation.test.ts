import { expect, test } from 'vitest';
import { noVariation } from './no-variation.ts';

test('a person who cannot vary yet is told from one who cannot', () => {
  expect(noVariation({ trained: false, varies: null, unfinished: false })).toContain('once there is an avatar');
  expect(noVariation({ trained: true, varies: null, unfinished: false })).toContain('once the avatar is open');
  expect(noVariation({ trained: true, varies: false, unfinished: true })).toContain('once this training is finished');
  expect(noVariation({ trained: true, varies: false, unfinished: false })).toContain('train it again');
  for (const unfinished of [false, true])
    expect(noVariation({ trained: true, varies: true, unfinished })).toBeUndefined();
});
