import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import { Library } from './library.ts';
import { MAY_MOUNT, NEEDS_MOUNT, type SmallDisk, smallDisk } from './small-disk.fixture.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** How the opening of a library there ends. */
function codeAt(folder: string): string {
  try {
    new Library(folder).close();
    return 'opened';
  } catch (error) {
    return asStudioError(error).code;
  }
}

it('a path where no library can be is called by its name', () => {
  writeFileSync(join(dir, 'file'), 'no folder');
  expect(codeAt(join(dir, 'file'))).toBe('bad-request');
  expect(codeAt(join(dir, 'file', 'under'))).toBe('bad-request');
  expect(codeAt(join(dir, 'n'.repeat(300)))).toBe('bad-request');
  mkdirSync(join(dir, 'taken', 'library.db'), { recursive: true });
  expect(codeAt(join(dir, 'taken'))).toBe('not-found');
  mkdirSync(join(dir, 'half'));
  writeFileSync(join(dir, 'half', 'projects'), 'no folder');
  expect(codeAt(join(dir, 'half'))).toBe('bad-request');
});

it('a path that is too long for a database is called that', () => {
  const deep = join(dir, ...Array.from({ length: 5 }, () => 'n'.repeat(120)));
  mkdirSync(deep, { recursive: true });
  expect(codeAt(deep)).toBe('bad-request');
  expect(() => new Library(deep)).toThrow(/too long/);
});

it('a library that another program holds is busy', () => {
  new Library(join(dir, 'library')).close();
  const holder = new Database(join(dir, 'library', 'library.db'));
  holder.pragma('locking_mode = EXCLUSIVE');
  holder.exec('BEGIN EXCLUSIVE');
  expect(codeAt(join(dir, 'library'))).toBe('busy');
  holder.close();
});

function onSmallDisk(megabytes: number, work: (disk: SmallDisk) => void): void {
  const disk = smallDisk(megabytes)!;
  try {
    work(disk);
  } finally {
    disk.remove();
  }
}

it.skipIf(!MAY_MOUNT)(`a disk with no room for a library, or very little, is full (${NEEDS_MOUNT})`, () =>
  onSmallDisk(2, (disk) => {
    for (const left of [0, 4096, 20_480, 65_536, 131_072]) {
      rmSync(join(disk.dir, 'library'), { recursive: true, force: true });
      disk.fill(left);
      expect(['disk-full', 'opened'], `${left} bytes left`).toContain(codeAt(join(disk.dir, 'library')));
      disk.clear();
      expect(codeAt(join(disk.dir, 'library')), 'after room was made').toBe('opened');
    }
  }),
);

it.skipIf(!MAY_MOUNT)(`a disk that can only be read says so (${NEEDS_MOUNT})`, () =>
  onSmallDisk(2, (disk) => {
    expect(codeAt(join(disk.dir, 'library'))).toBe('opened');
    disk.writable(false);
    expect(codeAt(join(disk.dir, 'new'))).toBe('bad-request');
    expect(codeAt(join(disk.dir, 'library'))).toBe('bad-request');
  }),
);
