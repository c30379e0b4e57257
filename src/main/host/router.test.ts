import { createRouterClient } from '@orpc/server';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scratchFolder } from '../studio/media/clips.fixture.ts';
import { openStudio } from '../studio/studio.ts';
import { createRouter } from './router.ts';

const folder = await scratchFolder();
const studio = openStudio({ libraryDir: join(folder, 'library'), host: 'browser' });
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('looks at a file that somebody wants checked, and keeps no upload of it', async () => {
  const discarded: string[] = [];
  const files = {
    file: (token: string) => join(folder, token),
    discard: async (token: string) => void discarded.push(token),
    paths: 'refused',
  } as const;
  const client = createRouterClient(createRouter(studio, files, { address: async () => '' }));
  const file = { kind: 'upload', token: 'b'.repeat(24) } as const;
  writeFileSync(join(folder, file.token), 'no film');
  const found = await client.system.verify({ file });
  expect(found).toMatchObject({ sureness: 'nothing', watermark: { kind: 'unread' }, record: { kind: 'none' } });
  expect(discarded).toEqual([file.token]);
});

it('keeps no upload of a video that may not drive', async () => {
  const discarded: string[] = [];
  const files = {
    file: (token: string) => join(folder, token),
    discard: async (token: string) => void discarded.push(token),
    paths: 'refused',
  } as const;
  const client = createRouterClient(createRouter(studio, files, { address: async () => '' }));
  const asked = { id: 'nobody', name: 'Grace', consent: { basis: 'self', note: '' } } as const;
  const file = { kind: 'upload', token: 'a'.repeat(24) } as const;
  await expect(client.work.drive({ ...asked, file })).rejects.toThrow('There is no project');
  expect(discarded).toEqual([file.token]);
});
