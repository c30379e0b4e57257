import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TINY } from '../engine/bundles.fixture.ts';
import { tryAvatar } from '../engine/trial.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'likeness-telemetry-'));
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('CI', undefined); // there it is off by itself
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it.skipIf(process.platform === 'win32')('a process that runs networks keeps nothing to report of them', async () => {
  await tryAvatar(TINY);
  expect(readdirSync(folder)).toEqual([]); // the runtime's ".ses" and "mat-debug-….log"
});
