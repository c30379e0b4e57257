import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, expect, it } from 'vitest';
import { TINY } from '../bundles.fixture.ts';
import { openDrawings } from '../draw/index.ts';
import { openBundle, openSession, readIdle, readRig, withProviders } from './index.ts';
import type { OpenModel } from './session.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-session-'));
afterAll(() => rm(folder, { recursive: true }));
const networks = { choice: 'auto', memory: join(folder, 'providers.json'), run: 'this' } as const;
const offer = async () => ({ version: '1', offered: ['cpu', 'webgpu'] as const });

/** The processor, by any name; a graphics card opens what its driver allows. */
const open =
  (allows: (file: Uint8Array) => boolean): OpenModel =>
  async (model, { threads }, provider) => {
    if (provider !== 'cpu' && !allows(model)) throw new Error('out of memory');
    return InferenceSession.create(model, { executionProviders: ['cpu'], intraOpNumThreads: threads });
  };

it('every network of an avatar is tried with what there is, and hears all the same when that is gone', async () => {
  const plain = await openBundle(TINY);
  const bundle = await withProviders(plain, networks, 1, { open: open(() => true), offer });
  const { runsOn } = bundle;
  expect([...runsOn!.keys()].toSorted()).toEqual(['motion.onnx', 'render-fast.onnx', 'render.onnx', 'speech.onnx']);
  for (const { remembered } of runsOn!.values())
    expect(remembered!.network.tried).toEqual([
      { provider: 'cpu', ms: expect.any(Number) },
      { provider: 'webgpu', ms: expect.any(Number) }, // and not refused: it answers alike
    ]);
  const chosen = { ...runsOn!.get('speech.onnx')!, provider: 'webgpu' } as const;
  const onCard = { ...bundle, runsOn: new Map([['speech.onnx', chosen]]) };
  const session = await openSession(
    onCard,
    'speech.onnx',
    { threads: 1 },
    open(() => false),
  );
  const waveform = new Tensor('float32', new Float32Array(16_000).fill(0.1), [1, 16_000]);
  const { features } = await session.run({ waveform }, ['features']);
  expect(features!.dims[1]).toBe(101);
  await session.release();
  const again = await withProviders(plain, networks, 1, { open: open(() => true), offer });
  expect(again.runsOn!.get('speech.onnx')).toMatchObject({
    provider: 'cpu',
    remembered: { network: { tried: [{ provider: 'cpu' }, { refused: expect.stringMatching(/out of memory/) }] } },
  });
});

it('a renderer whose provider is not to be had draws on the processor', async () => {
  const plain = await openBundle(TINY);
  const bundle = { ...plain, runsOn: new Map([['render.onnx', { provider: 'dml' } as const]]) }; // on no computer twice
  const [drawing] = await openDrawings(bundle, ['std'], { rig: readRig(plain), idle: readIdle(plain), threads: 1 });
  expect(drawing!.graph).toBe('std');
  await drawing!.close();
});
