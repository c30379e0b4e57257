import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { conditionsNow, keepTimes, timesFor } from './training-times.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rm(dir, { recursive: true }));

const result = {
  device: 'cpu',
  threads: 2,
  secondsByPreset: { instant: 180, draft: 900 },
  secondsPerStep: { 2: { refine: 0.25 } },
};
const now = conditionsNow('auto', 2, '1.0.0');

it('what was measured holds for this computer, device, number of threads and version only', async () => {
  expect(timesFor(dir, now)).toEqual({ measured: null });
  await keepTimes(dir, now, result);
  expect(timesFor(dir, now).measured).toMatchObject({
    device: 'cpu',
    threads: 2,
    secondsByPreset: { instant: 180, draft: 900 },
  });
  for (const other of [{ threads: 4 }, { version: '1.0.1' }, { wanted: 'cpu' as const }, { computer: 'another' }])
    expect(timesFor(dir, { ...now, ...other }).measured).toBeNull();
});

it('a new measurement replaces the old one and leaves the others alone', async () => {
  await keepTimes(dir, now, result);
  await keepTimes(dir, { ...now, threads: 1 }, { ...result, secondsByPreset: { instant: 300 } });
  await keepTimes(dir, now, { ...result, secondsByPreset: { instant: 120 } });
  expect(timesFor(dir, now).measured?.secondsByPreset).toEqual({ instant: 120 });
  expect(timesFor(dir, { ...now, threads: 1 }).measured?.secondsByPreset).toEqual({ instant: 300 });
  expect(await readdir(dir)).toEqual(['training-times.json']);
});

it('a file that cannot be read counts as none, and is written anew', async () => {
  await writeFile(join(dir, 'training-times.json'), '[{"nonsense":');
  expect(timesFor(dir, now).measured).toBeNull();
  await keepTimes(dir, now, result);
  expect(timesFor(dir, now).measured?.secondsByPreset.instant).toBe(180);
});
