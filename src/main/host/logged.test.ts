import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { windowFault } from '../../shared/contract/index.ts';
import { createRouter } from './router.ts';
import { numberedClip, scratchFolder } from '../studio/media/clips.fixture.ts';
import { openStudio, type Studio } from '../studio/studio.ts';

const folder = await scratchFolder();
let studio: Studio;
beforeAll(async () => {
  await numberedClip(join(folder, 'Grace Hopper.mp4'));
  studio = openStudio({ libraryDir: join(folder, 'library'), host: 'browser' });
});
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
const logged = (): string => readFileSync(join(folder, 'library', 'logs', 'likeness.log'), 'utf8');
const client = () =>
  createRouterClient(
    createRouter(
      studio,
      { file: (token) => token, discard: async () => undefined, paths: 'allowed' },
      { address: async () => 'http://127.0.0.1/' },
    ),
  );

test('the log says which program opened the library, and on what', () => {
  expect(logged()).toMatch(/note browser \d+ opened by Likeness \d+\.\d+\.\d+, Node \d+/);
});

test("a window's fault arrives, and what names a person or a project does not", async () => {
  const file = { kind: 'path', path: join(folder, 'Grace Hopper.mp4') } as const;
  await client().projects.import({ file, name: 'Grace', consent: { basis: 'self', note: '' } });
  await client().system.reportFault(
    windowFault(new Error(`cannot draw Grace at ${folder}/My Films/Grace.mov`), 'viewer'),
  );
  expect(logged()).toContain('window, viewer: Error: cannot draw <project 1> at <file>.mov');
  expect(logged()).not.toMatch(/Grace/);
});

test('what a window was refused, and why a job failed, is told', async () => {
  const refused = client().projects.rename({ id: 'nobody', name: 'x' });
  await expect(refused).rejects.toThrow('There is no project');
  expect(logged()).toContain('failure browser');
  const bad = client().projects.import({
    file: { kind: 'path', path: join(folder, 'Ada Lovelace.mp4') },
    name: 'Ada',
    consent: { basis: 'self', note: '' },
  });
  await expect(bad).rejects.toThrow(/not there|found|no file/i);
  expect(logged()).toMatch(/failure browser \d+ projects\.import: /);
  expect(logged()).not.toMatch(/Lovelace/);
});

test('the debug report ends with the log', async () => {
  const report = await studio.system.debugReport();
  expect(report).toContain('== Log\n');
  expect(report).toContain('window, viewer: Error: cannot draw');
});
