import { expect, it } from 'vitest';
import { refusedUser } from './ordinary-user.ts';

it('root is told why, everybody else may start it', () => {
  expect(refusedUser('linux', 0)).toMatch(/does not run as root/);
  expect(refusedUser('linux', 1000)).toBeUndefined();
  expect(refusedUser('darwin', 0)).toBeUndefined();
  expect(refusedUser('win32', undefined)).toBeUndefined();
});
