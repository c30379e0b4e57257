import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Library } from '../studio/library/index.ts';
import { MAY_MOUNT, NEEDS_MOUNT, smallDisk } from '../studio/library/small-disk.fixture.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** A command's exit code and its one JSON document. */
function likeness(library: string, ...args: string[]): { code: number | null; said: unknown } {
  const command = [join(import.meta.dirname, 'index.ts'), '--json', '--library', library, ...args];
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { code: status, said: JSON.parse(stdout) };
}
const errorOf = ({ code, said }: ReturnType<typeof likeness>) => [
  code,
  (said as { error: { code: string } }).error.code,
];

it('a folder where no library can be ends a command with its code and its words', () => {
  writeFileSync(join(dir, 'file'), '');
  expect(errorOf(likeness(join(dir, 'file'), 'jobs', 'list'))).toEqual([2, 'bad-request']);
  expect(errorOf(likeness(join(dir, 'file', 'under'), 'jobs', 'list'))).toEqual([2, 'bad-request']);
});

it('a damaged library says which command helps, and that command does', async () => {
  const root = join(dir, 'library');
  const library = new Library(root);
  writeFileSync(join(dir, 'ada.mp4'), 'a video, as far as the library cares');
  const source = { width: 2, height: 2, fps: 25, duration: 1, frames: 25, rotation: 0, hasAudio: false };
  const how = { ...source, codec: 'h264', variableFrameRate: false };
  await library.addVideo(join(dir, 'ada.mp4'), 'Ada', how, { basis: 'self', note: '', recordedBy: 'me' });
  library.close();
  rmSync(join(root, 'library.db'));
  const refused = likeness(root, 'jobs', 'list');
  expect(errorOf(refused)).toEqual([2, 'bad-request']);
  expect(JSON.stringify(refused.said)).toContain('likeness library restore');
  expect(likeness(root, 'library', 'copies')).toEqual({ code: 0, said: { copies: [] } });
  expect(likeness(root, 'library', 'restore')).toEqual({
    code: 0,
    said: { copy: null, projects: 1, foundAgain: 1, setAside: null },
  });
  expect(likeness(root, 'jobs', 'list')).toEqual({ code: 0, said: { jobs: [] } });
  expect(errorOf(likeness(root, 'library', 'restore'))).toEqual([2, 'bad-request']);
});

it.skipIf(!MAY_MOUNT)(`a full disk ends a command with 4 (${NEEDS_MOUNT})`, () => {
  const disk = smallDisk(2)!;
  try {
    disk.fill();
    expect(errorOf(likeness(join(disk.dir, 'library'), 'jobs', 'list'))).toEqual([4, 'disk-full']);
  } finally {
    disk.remove();
  }
});
