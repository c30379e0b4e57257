import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Library } from '../library/index.ts';
import { readPlainFile } from './plain-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('a file is read whole, and one that is not there is not', () => {
  writeFileSync(join(dir, 'file'), Buffer.from([0, 255, 10]));
  expect([...readPlainFile(join(dir, 'file'))]).toEqual([0, 255, 10]);
  expect(() => readPlainFile(join(dir, 'none'))).toThrow('ENOENT');
});

it.skipIf(process.platform === 'win32')('a folder, a pipe and a device are no files, and nothing is waited for', () => {
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  for (const path of [dir, join(dir, 'pipe'), '/dev/zero', '/dev/null'])
    expect(() => readPlainFile(path), path).toThrow('is no file');
});

it.skipIf(process.platform === 'win32')('a library opens whose small files are pipes', () => {
  const library = join(dir, 'library');
  new Library(library).close();
  for (const name of ['unfinished', 'backups', 'projects/p']) mkdirSync(join(library, name), { recursive: true });
  const pipes = ['unfinished/a.json', 'backups/library-2026-11-30T10-00-00-000Z-1.db', 'projects/p/project.json'];
  execFileSync(
    'mkfifo',
    pipes.map((name) => join(library, name)),
  );
  const opened = new Library(library);
  expect(opened.projects.list()).toEqual([]);
  expect(opened.findAgain()).toBe(0);
  opened.close();
});
