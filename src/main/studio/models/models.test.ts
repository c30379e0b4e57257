import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { StudioError } from '../../../shared/contract/index.ts';
import { addModel, listModels } from './index.ts';

const NOTHING = {
  faceBasis: () => Promise.reject(new Error('this is no face model')),
  hubertGraphs: () => Promise.reject(new Error('this is no HuBERT')),
};

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
  const made = { name: 'faces', purpose: 'a test', licence: 'MIT', origin: 'user', file: 'faces.safetensors' };
  await writeFile(join(dir, 'resources', 'models.json'), JSON.stringify([entry, made]));
});
afterEach(() => rm(dir, { recursive: true }));

it('every model that comes with the program is there, with the content its entry promises', async () => {
  const shipped = (await listModels(resolve('resources'), dir)).filter(({ origin }) => origin === 'shipped');
  expect(shipped.map(({ name, state }) => [name, state])).toEqual([['speech-encoder', 'present']]);
});

it('a file with the right content is taken in whatever its name; another one is refused', async () => {
  await writeFile(join(dir, 'download'), 'weights');
  await writeFile(join(dir, 'half'), 'weigh');
  const add = (name: string) => addModel(join(dir, name), join(dir, 'resources'), dir, NOTHING);
  await expect(add('half')).rejects.toMatchObject({ code: 'bad-request' });
  await expect(add('none')).rejects.toMatchObject({ code: 'not-found' });
  expect(await listModels(join(dir, 'resources'), dir)).toMatchObject([{ state: 'absent' }, { state: 'absent' }]);
  expect(await add('download')).toMatchObject({
    name: 'one',
    state: 'present',
  });
  expect(await readdir(join(dir, 'models'))).toEqual(['one.bin']);
  await copyFile(join(dir, 'half'), join(dir, 'models', 'one.bin'));
  expect(await listModels(join(dir, 'resources'), dir)).toMatchObject([{ state: 'damaged' }, { state: 'absent' }]);
});

/** A tensor file of bytes: its values, and what its header says of them. */
function basis(values: string, saysOf: string): Buffer {
  const content = createHash('sha256').update(saysOf).digest('hex');
  const bytes = { dtype: 'U8', shape: [values.length], data_offsets: [0, values.length] };
  const header = Buffer.from(JSON.stringify({ __metadata__: { content }, bytes }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.from(values)]);
}

it.each([
  ['a MATLAB file', 'MATLAB 5.0 MAT-file, whatever'],
  ['an archive', 'PK\u0003\u0004 and so on'],
])('%s that is no known model is converted, and is here while its values are what was written', async (_, content) => {
  const made = join(dir, 'models', 'faces.safetensors');
  await writeFile(join(dir, 'download'), content);
  const convert = async () => {
    await mkdir(join(dir, 'models'));
    await writeFile(made, basis('values', 'values'));
    return 'faces';
  };
  const status = await addModel(join(dir, 'download'), join(dir, 'resources'), dir, { ...NOTHING, faceBasis: convert });
  expect(status).toMatchObject({ name: 'faces', state: 'present', path: made });
  await writeFile(made, basis('valuee', 'values'));
  expect(await listModels(join(dir, 'resources'), dir)).toMatchObject([{}, { state: 'damaged' }]);
  await writeFile(made, 'v');
  expect(await listModels(join(dir, 'resources'), dir)).toMatchObject([{}, { state: 'damaged' }]);
});

it('a folder is converted, and what the conversion refuses is passed on', async () => {
  const refused = new StudioError({ code: 'bad-request', message: 'No face model.', hint: 'Choose another.' });
  const added = addModel(dir, join(dir, 'resources'), dir, {
    ...NOTHING,
    faceBasis: () => Promise.reject(refused),
  });
  await expect(added).rejects.toBe(refused);
  expect(await listModels(join(dir, 'resources'), dir)).toMatchObject([{}, { state: 'absent' }]);
});
