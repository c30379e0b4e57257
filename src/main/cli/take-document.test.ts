import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Library } from '../studio/library/index.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  const library = new Library(dir);
  writeFileSync(join(dir, 'ada.mp4'), 'a video, as far as the library cares');
  const source = { width: 2, height: 2, fps: 25, duration: 1, frames: 25, rotation: 0, hasAudio: false };
  const how = { ...source, codec: 'h264', variableFrameRate: false };
  await library.addVideo(join(dir, 'ada.mp4'), 'Ada', how, { basis: 'self', note: '', recordedBy: 'me' });
  library.close();
});
afterAll(() => rm(dir, { recursive: true }));

/** A command's exit code and its one JSON document. */
function take(...args: string[]): { code: number | null; said: Record<string, unknown> } {
  const command = [join(import.meta.dirname, 'index.ts'), '--json', '--library', dir, 'take', ...args];
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { code: status, said: JSON.parse(stdout) as Record<string, unknown> };
}
function file(content: unknown): string {
  const path = join(dir, 'take.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

it('what is shown can be changed and set, once', () => {
  const { code, said } = take('show', 'Ada');
  expect([code, said]).toMatchObject([0, { revision: 0, take: { version: 2, lanes: {} } }]);
  const keys = [{ id: 'k', at: 1, value: 8 }];
  const changed = { ...said, take: { ...(said['take'] as object), lanes: { 'head.yaw': { keys } } } };
  expect(take('set', 'Ada', file(changed))).toEqual({ code: 0, said: { revision: 1 } });
  const lanes = { 'head.yaw': { keys: [{ ...keys[0], curve: 'smooth' }], muted: false, solo: false } };
  expect(take('show', 'Ada').said).toMatchObject({ revision: 1, take: { lanes } });
  expect(take('set', 'Ada', file(changed))).toMatchObject({ said: { error: { code: 'busy' } } });
});

it.each([
  ['no JSON', '{', 'bad-request'],
  ['no take', { clips: 5 }, 'bad-request'],
])('a file that holds %s is refused', (_, content, code) => {
  expect(take('set', 'Ada', file(content))).toMatchObject({ code: 2, said: { error: { code } } });
});
