import { expect, test } from 'vitest';
import { temperatureSaid } from './temperature-said.ts';

test('a person who cannot vary yet is told from one who cannot', () => {
  expect(temperatureSaid({ trained: false, varies: null, unfinished: false })).toContain('once there is an avatar');
  expect(temperatureSaid({ trained: true, varies: null, unfinished: false })).toContain('once the avatar is open');
  expect(temperatureSaid({ trained: true, varies: false, unfinished: true })).toContain(
    'once this training is finished',
  );
  expect(temperatureSaid({ trained: true, varies: false, unfinished: false })).toContain('train it again');
  for (const unfinished of [false, true])
    expect(temperatureSaid({ trained: true, varies: true, unfinished })).toContain('At 0 %');
});
