import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { changedBundle } from '../engine/bundles.fixture.ts';
import { openStudio } from '../studio.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
const studio = openStudio({ libraryDir: join(folder, 'library') });
afterAll(async () => {
  await studio.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('an avatar that opens badly is refused at the door, and leaves nothing', async () => {
  const path = await changedBundle(join(folder, 'bad.likeness'), { files: { 'plate.jpg': Uint8Array.of(1, 2, 3) } });
  await expect(studio.avatars.importBundle(path)).rejects.toMatchObject({ code: 'bad-bundle' });
  expect(studio.projects.list()).toEqual([]);
});

test('its name is taken as a line that can be shown', async () => {
  const path = await changedBundle(join(folder, 'named.likeness'), {
    manifest: (manifest) => (manifest['name'] = `\u001b[31mZoë\n\u202e ${'x'.repeat(500)}`),
  });
  const { name } = await studio.avatars.importBundle(path);
  expect(name).toBe(`[31mZoë ${'x'.repeat(112)}`);
});
