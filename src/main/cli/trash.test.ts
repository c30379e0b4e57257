import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Library } from '../studio/library/index.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** A command's exit code and its one JSON document. */
function trash(...args: string[]): { code: number | null; said: unknown } {
  const command = [
    join(import.meta.dirname, 'index.ts'),
    '--json',
    '--library',
    join(dir, 'library'),
    'trash',
    ...args,
  ];
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { code: status, said: JSON.parse(stdout) };
}

it('what was removed is listed, comes back by its name, and is deleted when it is said', async () => {
  writeFileSync(join(dir, 'ada.mp4'), 'a video, as far as the library cares');
  const source = { width: 2, height: 2, fps: 25, duration: 1, frames: 25, rotation: 0, hasAudio: false };
  const how = { ...source, codec: 'h264', variableFrameRate: false };
  const library = new Library(join(dir, 'library'));
  const consent = { basis: 'self', note: '', recordedBy: 'me' } as const;
  const ada = await library.addVideo(join(dir, 'ada.mp4'), 'Ada', how, consent);
  const grace = await library.addVideo(join(dir, 'ada.mp4'), 'Grace', how, consent);
  for (const project of [ada, grace]) await library.trash(project);
  expect(trash('list')).toMatchObject({ code: 0, said: { projects: [{ name: 'Grace' }, { name: 'Ada' }] } });
  expect(trash('restore', 'Ada')).toEqual({ code: 0, said: { project: { id: ada.id, name: 'Ada' } } });
  expect(trash('restore', 'Ada')).toMatchObject({ code: 2, said: { error: { code: 'not-found' } } });
  expect(trash('empty')).toMatchObject({ code: 2, said: { error: { message: expect.stringContaining('"Grace"') } } });
  expect(existsSync(library.paths.trashed(grace.id))).toBe(true);
  expect(trash('empty', '--yes')).toMatchObject({ code: 0, said: { projects: [{ id: grace.id }] } });
  expect(existsSync(library.paths.trashed(grace.id))).toBe(false);
  expect(trash('list')).toEqual({ code: 0, said: { projects: [] } });
  expect(library.projects.list().map(({ name }) => name)).toEqual(['Ada']);
  library.close();
});
