import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TINY } from '../engine/bundles.fixture.ts';
import { tinyClip } from '../media/clips.fixture.ts';
import { openStudio, type Studio } from '../studio.ts';
import { requireFile } from './require-file.ts';

// What a person names may be no file at all: nothing is waited for then.
const folder = mkdtempSync(join(tmpdir(), 'likeness-no-file-'));
const at = (name: string): string => join(folder, name);
let studio: Studio;
beforeAll(async () => {
  studio = openStudio({ libraryDir: at('library') });
  await tinyClip(at('clip.mp4'));
  const ada = { path: at('clip.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  const { projectId } = await studio.projects.importVideo(ada);
  copyFileSync(TINY, studio.library.paths.avatar(projectId));
});
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const film = { mode: 'portrait', height: 128, outPath: at('film.mp4') } as const;
const READERS: readonly (readonly [ending: string, read: (path: string) => Promise<unknown>])[] = [
  ['mp4', (path) => studio.projects.importVideo({ path, consent: { basis: 'synthetic' } })],
  ['wav', (path) => studio.avatars.exportVideo('Ada', { ...film, sound: { kind: 'path', path } }).result],
  ['likeness', (path) => studio.avatars.importBundle(path)],
  ['onnx', (path) => studio.system.addModel(path)],
  ['csv', (path) => studio.lists.films({ kind: 'file', path })],
  ['txt', (path) => studio.voices.readText(path)],
  ['json', (path) => studio.timeline.readDocument(path)],
  ['pdf', (path) => studio.consents.attach('Ada', path)],
  ['srt', (file) => exported({ captions: { as: 'burn', file } })],
  ['png', (path) => exported({ background: { kind: 'file', path } })],
];
const exported = (asked: Partial<Parameters<Studio['avatars']['exportVideo']>[1]>): Promise<unknown> =>
  studio.avatars.exportVideo('Ada', { ...film, sound: { kind: 'path', path: at('clip.mp4') }, ...asked }).result;

it.skipIf(process.platform === 'win32').each(READERS)('a pipe named .%s is no file', async (ending, read) => {
  execFileSync('mkfifo', [at(`pipe.${ending}`)]);
  const refused = { code: expect.stringMatching(/^(not-found|bad-request)$/) };
  await expect(read(at(`pipe.${ending}`))).rejects.toMatchObject(refused);
});

it.skipIf(process.platform !== 'linux')('a file whose name is no Unicode is said to have such a name', async () => {
  const name = Buffer.concat([Buffer.from(at('caf')), Buffer.from([0xe9]), Buffer.from('.mp4')]);
  copyFileSync(at('clip.mp4'), name);
  await expect(requireFile(name.toString())).rejects.toMatchObject({
    code: 'not-found',
    hint: 'Its name has letters that cannot be read: rename it.',
  });
});
