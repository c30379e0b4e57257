import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyWhole, syncFolder, writeWhole } from './settle.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'likeness-settle-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a file takes the place of a file', async () => {
  writeFileSync(at('old'), 'old');
  await writeWhole(at('old'), 'new');
  expect(readFileSync(at('old'), 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['old']);
});

it.skipIf(process.platform === 'win32')('no file takes the place of a folder, a pipe or a device', async () => {
  mkdirSync(at('folder'));
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync('/dev/null', at('device'));
  writeFileSync(at('file'), 'x');
  for (const name of ['folder', 'pipe', 'device']) {
    const refused = { code: 'bad-request', message: expect.stringContaining(`${name} is `) };
    await expect(writeWhole(at(name), 'x')).rejects.toMatchObject(refused);
    await expect(copyWhole(at('file'), at(name))).rejects.toMatchObject(refused);
    expect(lstatSync(at(name)).isFile()).toBe(false);
  }
  expect(readdirSync(folder).toSorted()).toEqual(['device', 'file', 'folder', 'pipe']);
});

it.skipIf(process.platform !== 'linux')('a folder that cannot be synced keeps no file from its name', async () => {
  await expect(syncFolder('/proc')).resolves.toBeUndefined(); // EINVAL
  await expect(syncFolder(at('nowhere'))).rejects.toMatchObject({ code: 'ENOENT' });
});
