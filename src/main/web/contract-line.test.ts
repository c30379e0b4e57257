import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventIterator, oc } from '@orpc/contract';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { z } from 'zod';
import { answerContract } from './contract-line.ts';

const MEGABYTE = 2 ** 20;
/** 8 that wait to be read, 32 that were at work then, and a few that lie with the system. */
const MOST_MEGABYTES = 64;

const os = implement({
  large: oc.output(z.string()),
  held: oc.output(z.string()),
  stream: oc.output(eventIterator(z.string())),
});
let begun = 0;
let held = 0; // apart: a stream of the test before may still be about to end
let atWork = 0;
let mostAtWork = 0;
let release = Promise.withResolvers<void>();
beforeEach(() => {
  begun = held = atWork = mostAtWork = 0;
  release = Promise.withResolvers();
});
const rpc = new RPCHandler({
  large: os.large.handler(() => {
    begun += 1;
    return 'x'.repeat(MEGABYTE);
  }),
  held: os.held.handler(async () => {
    held += 1;
    mostAtWork = Math.max(mostAtWork, ++atWork);
    await release.promise;
    atWork -= 1;
    return '';
  }),
  stream: os.stream.handler(async function* ({ signal }) {
    while (!signal?.aborted) {
      begun += 1;
      yield 'x'.repeat(MEGABYTE);
      await sleep(0);
    }
  }),
});
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
server.on('connection', (client) => answerContract(rpc, client));
await once(server, 'listening');
afterAll(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

interface Answer {
  readonly i: string;
  readonly p: { readonly s?: number };
}

/** A line, and what came on it: whose answers, with which status. */
async function opened(): Promise<{
  socket: WebSocket;
  came: Map<string, number>;
  send: (id: string, to: string) => void;
}> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const came = new Map<string, number>();
  socket.on('message', (text: Buffer) => {
    const { i, p } = JSON.parse(text.toString()) as Answer;
    came.set(i, p?.s ?? 200);
  });
  await once(socket, 'open');
  return { socket, came, send: (id, to) => socket.send(JSON.stringify({ i: id, p: { u: `/${to}`, b: {} } })) };
}

describe('whoever asks and does not read', () => {
  it('has calls wait, and is answered all of them once they read', async () => {
    const { socket, came, send } = await opened();
    socket.pause();
    for (let count = 0; count < 150; count++) send(`${count}`, 'large');
    await expect.poll(() => begun).toBeGreaterThan(0);
    await sleep(500); // for more to begin, were there no bound
    expect(begun).toBeLessThan(MOST_MEGABYTES);
    socket.resume();
    await expect.poll(() => came.size).toBe(150);
    expect([begun, new Set(came.values())]).toEqual([150, new Set([200])]);
    socket.terminate();
  });

  it('gets of a stream what they read', async () => {
    const { socket, came, send } = await opened();
    send('stream', 'stream');
    await expect.poll(() => came.size).toBe(1);
    socket.pause();
    const before = begun;
    await sleep(1000);
    expect(begun - before).toBeLessThan(MOST_MEGABYTES);
    socket.resume();
    await expect.poll(() => begun).toBeGreaterThan(before + 2 * MOST_MEGABYTES);
    socket.terminate();
  });
});

describe('of calls that take long', () => {
  it('few are worked on at once, and the others get their turn', async () => {
    const { socket, came, send } = await opened();
    for (let count = 0; count < 500; count++) send(`${count}`, 'held');
    await expect.poll(() => held).toBe(32);
    release.resolve();
    await expect.poll(() => came.size).toBe(500);
    expect(mostAtWork).toBe(32);
    socket.terminate();
  });

  it('more than a window ever has are refused, and one that was given up before its turn is not begun', async () => {
    const { socket, came, send } = await opened();
    for (let count = 0; count < 1003; count++) send(`${count}`, 'held');
    await expect
      .poll(() => [...came])
      .toEqual([
        ['1000', 429],
        ['1001', 429],
        ['1002', 429],
      ]);
    socket.send('{"i":"999","t":4}');
    send('another', 'held'); // in its place
    send('late', 'held');
    await expect.poll(() => came.get('late')).toBe(429);
    release.resolve();
    await expect.poll(() => came.get('another')).toBe(200);
    await expect.poll(() => came.size).toBe(999 + 4 + 1);
    expect(came.has('999')).toBe(false);
    socket.terminate();
  });

  it('a stream that goes on takes no turn from them', async () => {
    const { socket, came, send } = await opened();
    for (let count = 0; count < 40; count++) send(`stream ${count}`, 'stream');
    send('one', 'held');
    release.resolve();
    await expect.poll(() => came.get('one')).toBe(200);
    socket.terminate();
  });

  it('a second one of the same number is passed over, and the line goes on', async () => {
    const { socket, came, send } = await opened();
    send('same', 'held');
    send('same', 'held');
    release.resolve();
    send('last', 'held');
    await expect.poll(() => came.size).toBe(2);
    expect(held).toBe(2);
    socket.terminate();
  });
});
