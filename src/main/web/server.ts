import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { StudioError } from '../../shared/contract/index.ts';
import { knownError } from '../../shared/domain/system-error.ts';
import type { Studio } from '../studio/studio.ts';
import { locate } from '../host/locate.ts';
import { PAGE_HEADERS } from '../host/policy.ts';
import { createRouter } from '../host/router.ts';
import { LiveLines } from '../studio/live/index.ts';
import { type Access, accessFor, addressOf, namesOf } from './addresses.ts';
import { Api, API_PREFIX, type ApiOptions } from './api/api.ts';
import { Attempts } from './attempts.ts';
import { Gate } from './gate.ts';
import {
  endWhenLate,
  endWhenSilent,
  endWhenUnread,
  HEADERS_WITHIN_MS,
  serverWithin,
  SILENT_MS,
  UNREAD_MS,
  WHOLE_WITHIN_MS,
} from './lateness.ts';
import { LivePage } from './live-page.ts';
import { answerContract } from './contract-line.ts';
import { answerLive } from './live-line.ts';
import { answerLogin, askForPassword } from './login.ts';
import { serveFile } from './serve-file.ts';
import { Uploads } from './uploads.ts';

/** Control messages are small; frames and files have routes of their own. */
const MAX_MESSAGE_BYTES = 1 << 20;
/** Windows and tabs of one person have two each; what waits to be read is kept for every one. */
const MOST_LINES = 128;
/** No window has so many, and a program may have some thousand files open: the library's are to be among them. */
const MOST_CONNECTIONS = 2000;
const OUTSIDE =
  'Open Likeness with the address that the program printed: it carries the key to this window, for one visit. ' +
  'Where it was used already, press Enter where the program runs: it prints another.\n';

export interface WebHost {
  /**
   * An address to open, with a key that is good for one visit and another one each time; with a password there is none
   * in it.
   */
  readonly url: string;
  /** As `url`, and with a key behind a password too: for whoever sits at the computer. */
  readonly urlWithKey: string;
  /** Where other programs ask. */
  readonly apiUrl: string;
  close(): Promise<void>;
}

/** The window in a browser: one process, bound to this computer only unless `access` says otherwise. */
export async function startWebHost(options: {
  readonly studio: Studio;
  readonly windowDir: string;
  readonly uploadDir: string;
  readonly port?: number;
  readonly live?: LiveLines;
  readonly access?: Access;
  /** Lets in other programs that have the token; without it there is no way in for them. */
  readonly api?: Pick<ApiOptions, 'token' | 'requests' | 'strangers'>;
  /** Milliseconds after which an upload is given up of which nothing comes. */
  readonly silentMs?: number;
  /** Milliseconds after which a request is given up whose headers are not whole. */
  readonly headersWithinMs?: number;
  /** Milliseconds after which any other request is given up that is not whole. */
  readonly wholeWithinMs?: number;
  /** Milliseconds after which a connection is ended whose other side takes nothing of what waits for it. */
  readonly unreadMs?: number;
}): Promise<WebHost> {
  const { studio, windowDir, live = new LiveLines(studio), access = accessFor({}) } = options;
  const { headersWithinMs = HEADERS_WITHIN_MS, wholeWithinMs = WHOLE_WITHIN_MS } = options;
  const { silentMs = SILENT_MS, unreadMs = UNREAD_MS } = options;
  const uploads = new Uploads(options.uploadDir);
  const server = serverWithin(headersWithinMs);
  server.maxConnections = MOST_CONNECTIONS;
  const gate = new Gate(() => namesOf(access, (server.address() as AddressInfo).port), access.password);
  const attempts = new Attempts();
  const page = new LivePage(live, windowDir);
  const api = options.api && new Api({ studio, gate, uploads, outside: page, silentMs, ...options.api });
  const rpc = new RPCHandler(
    createRouter(
      studio,
      { file: (token) => uploads.path(token), discard: (token) => uploads.discard(token), paths: 'refused' },
      page,
    ),
  );
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const lines: Readonly<Record<string, (client: WebSocket) => void>> = {
    '/rpc': (client) => answerContract(rpc, client),
    '/live': (client) => answerLive(live, client),
  };

  server.on('request', (request, response) => {
    endWhenLate(request, wholeWithinMs);
    endWhenUnread(response, unreadMs);
    void answer(request, response).catch((error: unknown) => fail(response, error));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    // A WebSocket is not bound by the same-origin policy, so an Origin header is required here.
    const line =
      gate.admitted(request) && request.headers.origin !== undefined
        ? lines[(request.url ?? '').split('?')[0]!]
        : undefined;
    if (!line) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    if (sockets.clients.size >= MOST_LINES) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
      endWhenUnread(socket as Socket, unreadMs);
      line(client);
    });
  });

  function fail(response: ServerResponse, error: unknown): void {
    if (response.destroyed) return; // whoever asked has left, or was given up
    const known = knownError(error);
    if (known) studio.log.failure('request', known);
    else if (!(error instanceof URIError)) studio.log.fault('request', error);
    answerFailure(response, known ?? error);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = addressIn(request);
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
    if (api && url && Api.isFor(url)) return api.answer(request, response, url);
    if (url?.pathname === '/' && url.searchParams.has('token') && gate.exchange(request, response, url)) return;
    if (access.password !== undefined && url?.pathname === '/login' && request.method === 'POST')
      return answerLogin(request, response, gate, attempts);
    if (!gate.admitted(request)) {
      if (access.password !== undefined && url?.pathname === '/' && gate.sameSite(request))
        return askForPassword(response, 200);
      response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
      response.end(OUTSIDE);
      return;
    }
    if (!url) return void response.writeHead(400).end();
    if (request.method === 'POST' && url.pathname === '/upload') {
      if (request.headers.origin === undefined) return void response.writeHead(403).end();
      const name = url.searchParams.get('name') ?? 'video';
      const token = await endWhenSilent(request, silentMs, () => uploads.receive(request, name));
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
    server.listen(options.port ?? 0, access.bind, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const urlWithKey = (): string => `${addressOf(access, port)}?token=${gate.newKey()}`;
  return {
    get url() {
      return access.password === undefined ? urlWithKey() : addressOf(access, port);
    },
    get urlWithKey() {
      return urlWithKey();
    },
    apiUrl: new URL(API_PREFIX, addressOf(access, port)).href,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      await page.close();
      await live.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await uploads.clear();
    },
  };
}

/** What a request asks for; undefined where that is no path. */
function addressIn({ url = '/' }: IncomingMessage): URL | undefined {
  return url.startsWith('/') && URL.canParse(`http://host${url}`) ? new URL(`http://host${url}`) : undefined;
}

function answerFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  if (error instanceof URIError) return void response.writeHead(400).end();
  const shape =
    error instanceof StudioError
      ? error.toJSON()
      : { code: 'internal', message: 'The request could not be answered.', hint: 'Reload the window.' };
  response
    .writeHead(error instanceof StudioError ? 400 : 500, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ error: shape }));
}
