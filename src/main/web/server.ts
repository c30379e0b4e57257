import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { StudioError } from '../../shared/contract/index.ts';
import type { Studio } from '../studio/studio.ts';
import { locate } from '../host/locate.ts';
import { PAGE_HEADERS } from '../host/policy.ts';
import { createRouter } from '../host/router.ts';
import { Preview } from '../studio/preview/index.ts';
import { Gate } from './gate.ts';
import { answerLive } from './live-line.ts';
import { serveFile } from './serve-file.ts';
import { Uploads } from './uploads.ts';

const LOOPBACK = '127.0.0.1';
/** Control messages are small; frames and files have routes of their own. */
const MAX_MESSAGE_BYTES = 1 << 20;

export interface WebHost {
  /** The address to open, token included. */
  readonly url: string;
  close(): Promise<void>;
}

/** The window in a browser: one process, bound to this computer only. */
export async function startWebHost(options: { readonly studio: Studio; readonly windowDir: string; readonly uploadDir: string; readonly port?: number; readonly preview?: Preview }): Promise<WebHost> {
  const { studio, windowDir, preview = new Preview(studio) } = options;
  const uploads = new Uploads(options.uploadDir);
  await uploads.clear();
  const server: Server = createServer();
  const gate = new Gate(() => {
    const { port } = server.address() as AddressInfo;
    return [`${LOOPBACK}:${port}`, `localhost:${port}`];
  });
  const rpc = new RPCHandler(createRouter(studio, { file: (token) => uploads.path(token), discard: (token) => uploads.discard(token), paths: 'refused' }));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const lines: Readonly<Record<string, (client: WebSocket) => void>> = {
    '/rpc': (client) => void rpc.upgrade(client, { context: {} }),
    '/live': (client) => answerLive(preview, client),
  };

  server.on('request', (request, response) => void answer(request, response).catch((error: unknown) => fail(response, error)));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    // A WebSocket is not bound by the same-origin policy, so an Origin header is required here.
    const line = gate.admitted(request) && request.headers.origin !== undefined ? lines[(request.url ?? '').split('?')[0]!] : undefined;
    if (!line) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
      line(client);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://host');
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
    if (url.pathname === '/' && url.searchParams.has('token') && gate.exchange(request, response, url)) return;
    if (!gate.admitted(request)) {
      response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('Open Likeness with the address that the program printed: it carries the key to this window.\n');
      return;
    }
    if (request.method === 'POST' && url.pathname === '/upload') {
      if (request.headers.origin === undefined) return void response.writeHead(403).end();
      const token = await uploads.receive(request, url.searchParams.get('name') ?? 'video');
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ token }));
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
    const located = await locate(studio, windowDir, url);
    if (!located) return void response.writeHead(404).end();
    return serveFile(request, response, located);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}/?token=${gate.token}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      await preview.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await uploads.clear();
    },
  };
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  if (error instanceof URIError) return void response.writeHead(400).end();
  const shape = error instanceof StudioError ? error.toJSON() : { code: 'internal', message: 'The request could not be answered.', hint: 'Reload the window.' };
  response.writeHead(error instanceof StudioError ? 400 : 500, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error: shape }));
}
