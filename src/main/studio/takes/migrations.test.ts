import { expect, test, vi } from 'vitest';
import { initialTake } from '../../../shared/domain/take.ts';
import { migrate, readTake, type Step } from './migrations.ts';

const take = initialTake({ duration: 3, hasAudio: true });

test('a take of this version is read as it was saved', () => {
  expect(readTake(JSON.parse(JSON.stringify(take)))).toEqual(take);
});

test('a take of before there were lanes has none', () => {
  const { lanes: _, ...old } = { ...take, version: 1 };
  expect(readTake(old)).toEqual({ ...take, lanes: {} });
});

test('a take of a newer version is refused, with what to do', () => {
  expect(() => readTake({ ...take, version: 3 })).toThrow(
    expect.objectContaining({
      code: 'bad-request',
      message: expect.stringContaining('newer'),
      hint: 'Update Likeness.',
    }),
  );
});

test.each([
  ['of version 0, which never was', { ...take, version: 0 }],
  ['that says no version', { clips: [] }],
  ['that is none', 'take'],
  ['that is nothing', null],
])('a take %s is refused, with what to do', (_, document) => {
  expect(() => readTake(document)).toThrow(
    expect.objectContaining({ code: 'bad-request', hint: expect.stringContaining('backup') }),
  );
});

test('an older take goes through every step from its version on, in order', () => {
  const renamed: Step = ({ sounds, ...rest }) => ({ ...rest, clips: sounds });
  const marked: Step = (document) => ({ ...document, markers: [] });
  const steps = new Map([
    [0, renamed],
    [1, marked],
  ]);
  expect(migrate({ version: 0, sounds: ['a'] }, steps, 2)).toEqual({ version: 2, clips: ['a'], markers: [] });
  expect(migrate({ version: 1, clips: ['b'] }, steps, 2)).toEqual({ version: 2, clips: ['b'], markers: [] });
});

test('a take of the wanted version passes no step', () => {
  const step = vi.fn<Step>();
  expect(migrate({ version: 2 }, new Map([[2, step]]), 2)).toEqual({ version: 2 });
  expect(step).not.toHaveBeenCalled();
});
