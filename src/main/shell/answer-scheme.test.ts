import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { TINY } from '../studio/engine/bundles.fixture.ts';
import { openStudio } from '../studio/studio.ts';
import { answerScheme } from './answer-scheme.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-scheme-'));
const windowDir = join(folder, 'window');
mkdirSync(join(windowDir, 'assets'), { recursive: true });
writeFileSync(join(windowDir, 'index.html'), '<!doctype html>');
writeFileSync(join(windowDir, 'assets', 'a.js'), 'let a;');
writeFileSync(join(folder, 'secret.txt'), 'secret');
const studio = openStudio({ libraryDir: join(folder, 'library') });
await copyFile(TINY, join(folder, 'tiny.likeness'));
const { projectId } = await studio.avatars.importBundle(join(folder, 'tiny.likeness'), 'Tiny');
mkdirSync(studio.library.paths.exports(projectId), { recursive: true });
writeFileSync(join(studio.library.paths.exports(projectId), 'a film.mp4'), '0123456789');
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const ask = (address: string, init: RequestInit = {}) => answerScheme(new Request(address, init), studio, windowDir);

test('the window and its parts, under the strict policy', async () => {
  const page = await ask('app://window/');
  expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
    200,
    'text/html; charset=utf-8',
    '<!doctype html>',
  ]);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await ask('app://window/assets/a.js')).headers.get('cache-control')).toContain('immutable');
});

test('what names its version is kept by whoever asked, and by nobody on the way', async () => {
  const film = `app://window/media/${projectId}/exports/a%20film.mp4`;
  expect((await ask(`${film}?v=1`)).headers.get('cache-control')).toMatch(/^private, .*immutable$/);
  expect((await ask(film)).headers.get('cache-control')).toBe('no-cache');
});

test('media in the parts that are asked for', async () => {
  const film = `app://window/media/${projectId}/exports/a%20film.mp4`;
  const part = await ask(film, { headers: { range: 'bytes=2-5' } });
  expect([part.status, part.headers.get('content-range'), part.headers.get('content-type'), await part.text()]).toEqual(
    [206, 'bytes 2-5/10', 'application/octet-stream', '2345'], // it holds no film, whatever its name says
  );
  expect(await (await ask(film, { headers: { range: 'bytes=-3' } })).text()).toBe('789');
  expect((await ask(film, { headers: { range: 'bytes=10-' } })).status).toBe(416);
  const head = await ask(film, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
});

test.each([
  ['app://window/%2e%2e%2fsecret.txt', 404],
  ['app://window/..%5csecret.txt', 404],
  ['app://window/nothing.js', 404],
  ['app://elsewhere/', 404],
  ['app://window/media/../../library.db', 404],
  ['app://window/%zz', 400],
])('%s is refused with %i, under the same policy', async (address, status) => {
  const answer = await ask(address);
  expect([answer.status, await answer.text(), answer.headers.get('x-content-type-options')]).toEqual([
    status,
    '',
    'nosniff',
  ]);
});

test('nothing is sent to it', async () => {
  expect((await ask('app://window/', { method: 'POST', body: 'x' })).status).toBe(405);
});
