import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import { makeFolder } from './make-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('a folder is made with those above it, and one that is there stays', () => {
  makeFolder(join(dir, 'a', 'b', 'c'), 0o700);
  writeFileSync(join(dir, 'a', 'b', 'c', 'file'), '');
  makeFolder(join(dir, 'a', 'b', 'c'));
  expect(statSync(join(dir, 'a', 'b', 'c', 'file')).isFile()).toBe(true);
});

it.skipIf(process.platform === 'win32')('those above it have its rights', () => {
  makeFolder(join(dir, 'a', 'b', 'c'), 0o700);
  expect(statSync(join(dir, 'a')).mode & 0o777).toBe(0o700);
});

/** How the making ends. */
function codeOf(path: string): string {
  try {
    makeFolder(path);
    return 'made';
  } catch (error) {
    return asStudioError(error).code;
  }
}

it('a file in the way is said', () => {
  writeFileSync(join(dir, 'file'), '');
  expect(codeOf(join(dir, 'file'))).toBe('bad-request');
  expect(codeOf(join(dir, 'file', 'under', 'it'))).toBe('bad-request');
});

it.skipIf(process.platform === 'win32')('a link to nowhere is said', () => {
  symlinkSync(join(dir, 'nowhere', 'at all'), join(dir, 'link'));
  expect(codeOf(join(dir, 'link', 'under'))).toBe('bad-request');
});

it.skipIf(process.platform !== 'linux').each(['/proc/likeness', '/proc/self/fd/likeness/under', '/dev/fd/likeness'])(
  'a folder that cannot be, %s, is refused and not tried for ever',
  (path) => {
    expect(codeOf(path)).toBe('bad-request');
  },
);
