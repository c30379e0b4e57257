import { expect, test } from 'vitest';
import { fromCheckout, research } from './index.ts';

test('a part that is there is given as it is', async () => {
  expect(await fromCheckout('Adding', async () => ({ two: 2 }))).toEqual({ two: 2 });
  expect(await research()).toMatchObject({ writeBrowserVisemes: expect.any(Function) as unknown });
});

test('one that an installed program lacks is refused, with what to do; its own faults stay what they are', async () => {
  const gone = './no-such-part.ts';
  await expect(fromCheckout('Adding', () => import(/* @vite-ignore */ gone) as Promise<unknown>)).rejects.toMatchObject(
    {
      code: 'missing-tool',
      message: 'Adding is no part of an installed program.',
      hint: 'Run it from a checkout of the project.',
    },
  );
  await expect(fromCheckout('Adding', () => Promise.reject(new RangeError('too much')))).rejects.toThrow('too much');
});
