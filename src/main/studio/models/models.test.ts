import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addModel, listModels } from './index.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  await mkdir(join(dir, 'resources'));
  // printf 'weights' | sha256sum
  const entry = {
    name: 'one',
    purpose: 'a test',
    licence: 'MIT',
    origin: 'user',
    file: 'one.bin',
    sha256: '9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c',
  };
  await writeFile(join(dir, 'resources', 'models.json'), JSON.stringify([entry]));
});
afterEach(() => rm(dir, { recursive: true }));

it('every model that comes with the program is there, with the content its entry promises', async () => {
  const shipped = (await listModels(resolve('resources'), dir)).filter(({ origin }) => origin === 'shipped');
  expect(shipped.map(({ name, state }) => [name, state])).toEqual([['speech-encoder', 'present']]);
});

it('a file with the right content is taken in whatever its name; another one is refused', async () => {
  await writeFile(join(dir, 'download'), 'weights');
  await writeFile(join(dir, 'half'), 'weigh');
  await expect(addModel(join(dir, 'half'), join(dir, 'resources'), dir)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(addModel(join(dir, 'none'), join(dir, 'resources'), dir)).rejects.toMatchObject({ code: 'not-found' });
  expect(await listModels(join(dir, 'resources'), dir)).toMatchObject([{ state: 'absent' }]);
  expect(await addModel(join(dir, 'download'), join(dir, 'resources'), dir)).toMatchObject({
    name: 'one',
    state: 'present',
  });
  expect(await readdir(join(dir, 'models'))).toEqual(['one.bin']);
  await copyFile(join(dir, 'half'), join(dir, 'models', 'one.bin'));
  expect(await listModels(join(dir, 'resources'), dir)).toMatchObject([{ state: 'damaged' }]);
});
