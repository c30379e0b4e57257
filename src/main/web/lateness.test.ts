import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStudio } from '../studio/studio.ts';
import { startWebHost, type WebHost } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-lateness-'));
const WITHIN_MS = 50;
const HEADERS_WITHIN_MS = 500;
const TOKEN = 'T'.repeat(32);
const studio = openStudio({ libraryDir: join(folder, 'library') });
const uploadDir = join(folder, 'uploads');
let host: WebHost;
let cookie: string;
beforeAll(async () => {
  const api = { token: TOKEN };
  host = await startWebHost({
    studio,
    windowDir: folder,
    uploadDir,
    headersWithinMs: HEADERS_WITHIN_MS,
    wholeWithinMs: WITHIN_MS,
    api,
  });
  const visit = await fetch(host.url, { redirect: 'manual' });
  cookie = visit.headers.get('set-cookie')!.split(';')[0]!;
});
afterAll(async () => {
  await host.close();
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The beginning of a request whose body has ten bytes. */
function begun(path: string, headers: Record<string, string>): { socket: Socket; answer: () => string } {
  const { host: name, origin, hostname, port } = new URL(host.url);
  const all = { Host: name, Origin: origin, 'Content-Length': '10', Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}\r\n`);
  let text = '';
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined).on('data', (bytes: Buffer) => (text += bytes.toString()));
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n01234`);
  return { socket, answer: () => text };
}

it.each(['/upload?name=a.mp4', '/api/v1/uploads?name=a.mp4'])(
  'a video that takes longer than any other request may comes in whole: %s',
  async (path) => {
    const { socket, answer } = begun(path, { Cookie: cookie, Authorization: `Bearer ${TOKEN}` });
    await sleep(WITHIN_MS * 4);
    socket.write('56789');
    await once(socket, 'close');
    expect(answer()).toMatch(/^HTTP\/1.1 200/);
    const { token } = JSON.parse(/\{.*\}/.exec(answer())![0]) as { token: string };
    expect(readFileSync(join(uploadDir, `${token}.mp4`), 'utf8')).toBe('0123456789');
  },
);

it.each(['/api/v1/projects', '/rpc', '/upload'])(
  'anything else of which the rest does not come is given up, and is no fault: %s',
  async (path) => {
    const before = readdirSync(uploadDir).length;
    // To /upload without the key: nothing of it is taken in.
    const { socket } = begun(path, {
      Authorization: `Bearer ${TOKEN}`,
      'Content-Type': 'application/json',
      Connection: '',
    });
    await once(socket, 'close');
    expect(readdirSync(uploadDir)).toHaveLength(before);
    expect((await fetch(host.apiUrl, { method: 'HEAD' })).status).toBeGreaterThan(0);
    const log = readFileSync(join(studio.libraryDir, 'logs', 'likeness.log'), 'utf8');
    expect(log).not.toMatch(/ fault /);
  },
);

it('whose headers come line by line is given up, however steadily they come', async () => {
  const { hostname, port } = new URL(host.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\n');
  const steadily = setInterval(() => socket.writable && socket.write('X: y\r\n'), 50);
  await once(socket.resume(), 'close');
  clearInterval(steadily);
  expect(socket.destroyed).toBe(true);
});
