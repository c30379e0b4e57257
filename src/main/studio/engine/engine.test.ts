import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseSafetensors, writeSafetensors } from '../../../shared/binary/index.ts';
import { openBundle } from './bundle/index.ts';
import { changedBundle, TINY } from './bundles.fixture.ts';
import { probeControl } from './closed.fixture.ts';
import { controlOf, openAvatar } from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));

/** The tiny avatar with one value of its probe changed. */
async function withProbe(name: string, change: (values: Float32Array | Uint8Array) => void): Promise<string> {
  const { tensors, metadata } = parseSafetensors((await openBundle(TINY)).files.get('probe.safetensors')!);
  change(tensors.get(name)!.values as Float32Array | Uint8Array);
  const bytes = writeSafetensors(
    Object.fromEntries([...tensors].map(([key, { shape, values }]) => [key, { shape, values }])),
    metadata,
  );
  return changedBundle(join(folder, `${name}.likeness`), { files: { 'probe.safetensors': bytes } });
}

describe('an avatar', () => {
  it.each(['std', 'fast'] as const)('draws the frame it was exported with as the trainer did: %s', async (graph) => {
    const avatar = await openAvatar(TINY, { graph, threads: 1 }); // runs the self-check
    try {
      const bundle = await openBundle(TINY);
      const probe = parseSafetensors(bundle.files.get('probe.safetensors')!);
      const { rgba } = await avatar.drawHead(probeControl(bundle));
      const expected = probe.tensors.get(graph === 'std' ? 'rgba' : 'rgba_fast')!.values;
      let off = 0;
      for (let pixel = 0; pixel < 65_536; pixel++) {
        for (let c = 0; c < 4; c++) {
          const theirs =
            graph === 'std'
              ? Math.round((expected as Float32Array)[c * 65_536 + pixel]! * 255)
              : Number(expected[pixel * 4 + c]);
          if (Math.abs(rgba[pixel * 4 + c]! - theirs) > 1) off++;
        }
      }
      expect(off).toBeLessThan(65_536 * 4 * 5e-4);
    } finally {
      await avatar.close();
    }
  });

  it('is closed once, however often that is asked', async () => {
    for (let round = 0; round < 4; round++) {
      const avatar = await openAvatar(TINY, { threads: 1 });
      await Promise.all([avatar.close(), avatar.close(), avatar.close()]);
      expect(avatar.ended).toBe(true);
      await avatar.close();
    }
  });

  it('is refused when it does not look here as it did there', async () => {
    const colour = await withProbe('rgba', (values) => (values[100_000] = 1 - values[100_000]!));
    await expect(openAvatar(colour, { graph: 'std', threads: 1 })).rejects.toEqual(
      expect.objectContaining({ code: 'bad-bundle', detail: expect.stringContaining('std graph') }),
    );
    const points = await withProbe('points', (values) => values.fill(0, 0, 600));
    await expect(openAvatar(points, { graph: 'fast', threads: 1 })).rejects.toEqual(
      expect.objectContaining({ code: 'bad-bundle', detail: expect.stringContaining('points') }),
    );
  });

  it('is refused when a tensor has the wrong shape, and when a model is not one', async () => {
    const { tensors, metadata } = parseSafetensors((await openBundle(TINY)).files.get('rig.safetensors')!);
    const rig = Object.fromEntries(
      [...tensors].map(([key, { shape, values }]) => [key, { shape: key === 'hull' ? [48, 192] : shape, values }]),
    );
    const shape = await changedBundle(join(folder, 'shape.likeness'), {
      files: { 'rig.safetensors': writeSafetensors(rig, metadata) },
    });
    await expect(openAvatar(shape)).rejects.toEqual(
      expect.objectContaining({ code: 'bad-bundle', detail: expect.stringContaining('hull') }),
    );
    const model = await changedBundle(join(folder, 'model.likeness'), {
      files: { 'render.onnx': Uint8Array.of(8, 8) },
    });
    await expect(openAvatar(model, { graph: 'std' })).rejects.toEqual(expect.objectContaining({ code: 'bad-bundle' }));
  });

  it('that is a checkpoint without a fast graph is shown by the one it has, and timed', async () => {
    const { tensors, metadata } = parseSafetensors((await openBundle(TINY)).files.get('probe.safetensors')!);
    const probe = Object.fromEntries(
      [...tensors].filter(([key]) => key !== 'rgba_fast').map(([key, { shape, values }]) => [key, { shape, values }]),
    );
    const checkpoint = { step: 40, steps: 100, stage: 'refine', savedAt: '2026-01-02T03:04:05.678Z' };
    const path = await changedBundle(join(folder, 'checkpoint.likeness'), {
      files: { 'render-fast.onnx': null, 'report.json': null, 'probe.safetensors': writeSafetensors(probe, metadata) },
      manifest: (manifest) => (manifest['checkpoint'] = checkpoint),
    });
    await expect(openAvatar(path, { graph: 'fast', threads: 1 })).rejects.toEqual(
      expect.objectContaining({ code: 'not-found', message: expect.stringMatching(/no fast version yet/) }),
    );
    const avatar = await openAvatar(path, { threads: 1 });
    try {
      expect([avatar.graph, avatar.speeds.map(({ model }) => model), avatar.manifest.checkpoint]).toEqual([
        'std',
        ['std'],
        checkpoint,
      ]);
      expect((await avatar.drawPortrait(controlOf(avatar.idle, 0), { height: 128 })).height).toBe(128);
    } finally {
      await avatar.close();
    }
  });

  it('picks a graph by timing both, and reuses the buffers it is handed', async () => {
    const avatar = await openAvatar(TINY, { threads: 1 });
    try {
      expect(avatar.speeds.map(({ model }) => model)).toEqual(['fast', 'std']);
      const control = controlOf(avatar.idle, 3);
      const first = await avatar.drawPortrait(control, { height: 181 });
      expect(first.height).toBe(180);
      expect(first.pixels.length).toBe(first.width * first.height * 4);
      const again = await avatar.drawPortrait(control, { height: 181, into: first.pixels.slice() });
      expect(Buffer.compare(again.pixels, first.pixels)).toBe(0);
    } finally {
      await avatar.close();
    }
    await expect(avatar.drawHead(controlOf(avatar.idle, 0))).rejects.toThrow('closed');
  });
});
