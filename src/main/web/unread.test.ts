import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { openStudio } from '../studio/studio.ts';
import { startWebHost, type WebHost } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-unread-'));
const UNREAD_MS = 1000;
const LARGE = 64 * 2 ** 20; // more than the system keeps of a connection
const studio = openStudio({ libraryDir: join(folder, 'library') });
writeFileSync(join(folder, 'index.html'), Buffer.alloc(LARGE, 'x'));
let host: WebHost;
let cookie: string;
beforeAll(async () => {
  host = await startWebHost({ studio, windowDir: folder, uploadDir: join(folder, 'uploads'), unreadMs: UNREAD_MS });
  const visit = await fetch(host.url, { redirect: 'manual' });
  cookie = visit.headers.get('set-cookie')!.split(';')[0]!;
});
afterAll(async () => {
  await host.close();
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function asked(): Socket {
  const { host: name, hostname, port } = new URL(host.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(`GET / HTTP/1.1\r\nHost: ${name}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
  return socket;
}
/** How much comes until the connection is closed. */
async function lengthOn(socket: Socket): Promise<number> {
  let bytes = 0;
  socket.on('data', (part: Buffer) => (bytes += part.length)).resume();
  await once(socket, 'close');
  return bytes;
}

describe('of a file', () => {
  it('that nobody takes the sending ends', async () => {
    const socket = asked();
    socket.pause();
    await sleep(UNREAD_MS * 2.5);
    expect(await lengthOn(socket)).toBeLessThan(LARGE);
  });

  it('that is taken slowly all comes', async () => {
    const socket = asked();
    const slowly = setInterval(() => {
      socket.pause();
      setTimeout(() => socket.resume(), UNREAD_MS / 8);
    }, UNREAD_MS / 5);
    const length = await lengthOn(socket);
    clearInterval(slowly);
    expect(length).toBeGreaterThan(LARGE);
  });
});

describe('a window’s line', () => {
  const line = async (): Promise<WebSocket> => {
    const { host: name, origin } = new URL(host.url);
    const socket = new WebSocket(`ws://${name}/rpc`, { headers: { cookie, origin } });
    await once(socket, 'open');
    return socket;
  };

  it('that is silent stays open', async () => {
    const socket = await line();
    await sleep(UNREAD_MS * 1.5);
    socket.send('{"i":"1","p":{"u":"/projects/list","b":{}}}');
    expect(String((await once(socket, 'message'))[0])).toContain('"json":[]');
    socket.terminate();
  });

  it('that takes nothing of its answers ends', async () => {
    const socket = await line();
    socket.pause();
    for (let count = 0; count < 900; count++)
      socket.send(JSON.stringify({ i: `${count}`, p: { u: '/system/about', b: {} } }));
    await sleep(UNREAD_MS * 2.5);
    socket.resume();
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1006); // without a word: nobody would read it
  });

  it('is refused where more are open than anybody has', async () => {
    const lines = await Promise.all(Array.from({ length: 128 }, line));
    await expect(line()).rejects.toThrow(/503/);
    for (const socket of lines) socket.terminate();
    await expect.poll(() => line().then((socket) => socket.terminate(), String)).toBeUndefined();
  });
});
