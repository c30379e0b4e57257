import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { changedBundle, TINY } from '../main/studio/engine/bundles.fixture.ts';
import { speechSpeed } from './speech-speed.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-speech-speed-'));
afterAll(() => rm(folder, { recursive: true }));
const samples = Float32Array.from({ length: 16_000 }, (_, i) => 0.2 * Math.sin(i / 9));

it('hears a minute of live sound, and says what that took', async () => {
  const avatarPath = await changedBundle(join(folder, 'live.likeness'), {
    files: { 'live.onnx': await readFile(new URL('../main/studio/engine/fixtures/live.onnx', import.meta.url)) },
  });
  const { xRealtime, coreXRealtime, live } = await speechSpeed({ avatarPath, samples, seconds: 1, liveMinutes: 1 });
  expect(Math.min(xRealtime, coreXRealtime, live!.xRealtime, live!.stepCoreMs, live!.stepMs.p50Ms)).toBeGreaterThan(0);
  expect(live!.stepMs.p95Ms).toBeGreaterThanOrEqual(live!.stepMs.p50Ms);
  expect(live!.memory).toEqual([{ minutes: 1, residentMb: expect.any(Number) as number }]);
});

it('leaves the live part out for an avatar of before, and stops when it is told to', async () => {
  expect((await speechSpeed({ avatarPath: TINY, samples, seconds: 0.1 })).live).toBeNull();
  await expect(
    speechSpeed({ avatarPath: TINY, samples, seconds: 0.1 }, AbortSignal.abort(new Error('stopped'))),
  ).rejects.toThrow('stopped');
});
