import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addModel, hasHubert, hubertGraph, hubertOf, requireHubert } from './index.ts';

const WEIGHTS = 'weights of a HuBERT';
const SHA256 = createHash('sha256').update(WEIGHTS).digest('hex');
const WANTED = { sha256: SHA256, layer: 2, size: 8 };

let library: string;
let resources: string;
let made = 0;
beforeEach(async () => {
  library = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  resources = join(library, 'resources');
  await mkdir(resources);
  const entry = {
    name: 'hubert-tiny',
    purpose: 'a test',
    licence: 'MIT',
    origin: 'user',
    file: 'hubert-tiny.bin',
    encoder: 'hubert',
    sha256: SHA256,
  };
  await writeFile(join(resources, 'models.json'), JSON.stringify([entry]));
  await writeFile(join(library, 'download'), WEIGHTS);
  made = 0;
});
afterEach(() => rm(library, { recursive: true }));

/** As the trainer leaves them. */
async function hubertGraphs(): Promise<void> {
  made += 1;
  const { graphs } = hubertOf(resources, library);
  await mkdir(graphs, { recursive: true });
  await writeFile(join(graphs, 'layer-2.onnx'), 'a graph');
  await writeFile(join(graphs, 'weights.safetensors'), 'numbers');
  await writeFile(join(graphs, 'graphs.json'), JSON.stringify({ version: 1, layers: 3, size: 8, bytes: 7 }));
}
const add = () =>
  addModel(join(library, 'download'), resources, library, {
    hubertGraphs,
    faceBasis: () => Promise.reject(new Error('this is no face model')),
  });

it('HuBERT is made ready once, when it is added', async () => {
  expect(hasHubert(hubertOf(resources, library))).toBe(false);
  expect(await add()).toMatchObject({ name: 'hubert-tiny', state: 'present' });
  expect(await add()).toMatchObject({ state: 'present' });
  expect(made).toBe(1);
  expect(hasHubert(hubertOf(resources, library))).toBe(true);
  const graph = join(library, 'models', 'hubert', SHA256, 'layer-2.onnx');
  expect(await hubertGraph(resources, library, WANTED)).toEqual({ graph });
  expect(await requireHubert(resources, library)).toMatchObject({ sha256: SHA256 });
});

it('an avatar is told why it cannot hear with it', async () => {
  const why = async (wanted = WANTED) => hubertGraph(resources, library, wanted);
  expect(await why()).toEqual({
    notice: expect.stringMatching(/weights are not here: the embedded encoder is heard.*models add/),
  });
  await add();
  const other = { ...WANTED, sha256: 'cd'.repeat(32) };
  expect(await why(other)).toEqual({
    notice: expect.stringMatching(/other weights of HuBERT \(SHA-256 cdcdcdcdcdcd…/),
  });
  expect(await why({ ...WANTED, size: 9 })).toEqual({ notice: expect.stringContaining('does not fit') });
  expect(await why({ ...WANTED, layer: 3 })).toEqual({ notice: expect.stringContaining('Add its file again') });
  await truncate(join(hubertOf(resources, library).graphs, 'weights.safetensors'), 3);
  expect(await why()).toEqual({ notice: expect.stringContaining('Add its file again') });
  await rm(hubertOf(resources, library).weights);
  expect(await why()).toEqual({ notice: expect.stringContaining('are not here') });
});

it('a training wants the weights that the registry promises', async () => {
  await expect(requireHubert(resources, library)).rejects.toMatchObject({ code: 'not-found' });
  await add();
  await writeFile(hubertOf(resources, library).weights, 'other weights');
  await expect(requireHubert(resources, library)).rejects.toMatchObject({
    message: expect.stringContaining('SHA-256'),
  });
});
