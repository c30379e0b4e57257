import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StudioError } from '../contract/index.ts';
import { asStudioError, knownError } from './system-error.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  writeFileSync(join(dir, 'file'), '');
});
afterEach(() => rm(dir, { recursive: true }));

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it('calls what the system itself throws by its name', () => {
  const codeOf = (work: () => unknown) => asStudioError(thrownBy(work)).code;
  expect(codeOf(() => readFileSync(join(dir, 'nothing')))).toBe('not-found');
  expect(codeOf(() => mkdirSync(join(dir, 'file', 'under'), { recursive: true }))).toBe('bad-request');
  expect(codeOf(() => mkdirSync(join(dir, 'file'), { recursive: true }))).toBe('bad-request');
  expect(codeOf(() => readFileSync(dir))).toBe('bad-request');
  expect(codeOf(() => writeFileSync(join(dir, 'n'.repeat(2000)), ''))).toBe('bad-request');
  expect(codeOf(() => execFileSync(join(dir, 'no-such-program')))).toBe('missing-tool');
});

it('knows the database, its kinds of kinds included, and keeps what was said', () => {
  const codeOf = (code: string) => knownError(Object.assign(new Error('as it was said'), { code }))?.code;
  expect(
    ['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_READONLY_DBMOVED', 'SQLITE_READONLY_CANTINIT'].map(
      codeOf,
    ),
  ).toEqual(['disk-full', 'busy', 'busy', 'not-found', 'bad-request']);
  expect(asStudioError(Object.assign(new Error('as it was said'), { code: 'ENOSPC' })).detail).toBe('as it was said');
});

it.each([
  ['EXDEV', 'bad-request'],
  ['EOPNOTSUPP', 'bad-request'],
  ['EILSEQ', 'bad-request'],
  ['ENOTEMPTY', 'busy'],
  ['ESTALE', 'not-found'],
  ['ENOTCONN', 'not-found'],
])('says of a disk that is another one, or went away (%s), what it is', (code, name) => {
  const error = knownError(Object.assign(new Error('as it was said'), { code, syscall: 'rename' }))!;
  expect([error.code, error.message]).toEqual([name, expect.stringMatching(/disk|path|folder/)]);
});

it('leaves an error of ours as it is, and calls a bug a bug', () => {
  const ours = new StudioError({ code: 'no-face', message: 'No face.', hint: 'Another video.' });
  expect(asStudioError(ours)).toBe(ours);
  expect(knownError(new TypeError('x is not a function'))).toBeUndefined();
  expect(['SQLITE_CONSTRAINT_CHECK', 'toString', 'ERR_INVALID_ARG_TYPE'].map((code) => knownError({ code }))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  for (const thrown of [null, undefined, 'a word', 7, new TypeError('x')])
    expect(asStudioError(thrown).code).toBe('internal');
});
