import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { decodeLivePicture, type LivePicture } from '../../shared/contract/live.ts';
import { CountingWindow } from '../../bench/counting-window.ts';
import { TINY } from '../studio/engine/bundles.fixture.ts';
import { LiveLines } from '../studio/live/index.ts';
import { openStudio } from '../studio/studio.ts';
import { LivePage } from './live-page.ts';
import { startWebHost } from './server.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-live-page-'));
const windowDir = join(folder, 'window');
await mkdir(join(windowDir, 'assets'), { recursive: true });
await writeFile(join(windowDir, 'live.html'), '<canvas></canvas>');
await writeFile(join(windowDir, 'index.html'), 'the studio');
await writeFile(join(windowDir, 'assets', 'outside-1.js'), '1');
const studio = openStudio({ libraryDir: join(folder, 'library') });
await copyFile(TINY, join(folder, 'tiny.likeness'));
const { projectId } = await studio.avatars.importBundle(join(folder, 'tiny.likeness'), 'Tiny');
const lines = new LiveLines(studio, { threads: 1 });
const host = await startWebHost({ studio, windowDir, uploadDir: join(folder, 'uploads'), live: lines });
const page = new LivePage(lines, windowDir);
const address = await page.address(projectId);
const { origin, host: name, port } = new URL(address);
afterAll(async () => {
  await page.close();
  await host.close();
  await studio.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('knows the addresses that it gave', async () => {
  expect(await page.gave(address)).toBe(true);
  for (const other of ['', 'http://127.0.0.1/', `${address}x`, address.replace(/:\d+/, ':1'), 'https://example.com/'])
    expect(await page.gave(other)).toBe(false);
});

/** A page that looks on, and what it was shown. */
async function watching(): Promise<{ pictures: LivePicture[]; socket: WebSocket }> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}live`, { headers: { origin } });
  const pictures: LivePicture[] = [];
  socket.on('message', (message: Buffer) => pictures.push(decodeLivePicture(Uint8Array.from(message).buffer)));
  await once(socket, 'open');
  return { pictures, socket };
}

it('shows what the studio’s window draws, without its background, and at once to whoever comes later', async () => {
  const window = await CountingWindow.open(host.url);
  await window.show(projectId, 128);
  await window.ask(1, 1, () => 4);
  const first = await watching();
  await expect.poll(() => first.pictures.length).toBeGreaterThan(0);
  const [{ rgba, frame, height }] = first.pictures as [LivePicture];
  expect([frame, height]).toEqual([4, 128]);
  const alphas = new Set(rgba.filter((_, i) => i % 4 === 3));
  expect([alphas.has(0), Math.max(...alphas) > 200]).toEqual([true, true]);
  const colourOfNothing = rgba.filter((_, i) => i % 4 !== 3 && rgba[i - (i % 4) + 3] === 0);
  expect(Math.max(...new Set(colourOfNothing))).toBe(0);
  await window.ask(1, 1, () => 9);
  await expect.poll(() => first.pictures.at(-1)!.frame).toBe(9);
  first.socket.terminate();
  window.close();
});

it('the address is the same for a project, and another for another', async () => {
  expect(await page.address(projectId)).toBe(address);
  expect(await page.address('other')).not.toBe(address);
  expect(new URL(address).hostname).toBe('127.0.0.1');
});

it('is tried again where its server could not begin', async () => {
  const late = new LivePage(lines, windowDir);
  const listen = vi.spyOn(Server.prototype, 'listen').mockImplementationOnce(function (this: Server) {
    process.nextTick(() => this.emit('error', new Error('too many')));
    return this;
  });
  await expect(late.address(projectId)).rejects.toThrow('too many');
  listen.mockRestore();
  expect(new URL(await late.address(projectId)).hostname).toBe('127.0.0.1');
  await late.close();
});

const status = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> =>
  new Promise((resolve, reject) =>
    request({ host: '127.0.0.1', port, path, method, headers: { host: name, ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end(),
  );

it('gives its own page and scripts to who has the token, and nothing else to anybody', async () => {
  const token = new URL(address).pathname;
  expect(await status(token)).toBe(200);
  expect(await status(`${token}assets/outside-1.js`)).toBe(200);
  for (const path of ['index.html', 'live.html', 'assets/../index.html', 'assets/%2e%2e/index.html', 'media/x/source'])
    expect(await status(token + path), path).toBe(404);
  for (const path of ['/', '/live', '/AAAA/', '//', `${token.slice(0, -2)}/`])
    expect(await status(path), path).toBe(403);
  expect(await status(token, { host: `evil.example:${port}` })).toBe(403);
  expect(await status(token, {}, 'POST')).toBe(405);
});

it('lets no other page look on', async () => {
  const knock = (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://${name}${path}`, { headers });
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
  const live = `${new URL(address).pathname}live`;
  expect(await knock(live, {})).toBe(403);
  expect(await knock(live, { origin: 'http://evil.example' })).toBe(403);
  expect(await knock('/AAAA/live', { origin })).toBe(403);
  expect(await knock('/live', { origin })).toBe(403);
});
