import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { PAGE_HEADERS } from '../host/policy.ts';
import type { LiveLines } from '../studio/live/index.ts';
import { LOOPBACK } from './addresses.ts';
import { serveFile } from './serve-file.ts';

/** Nothing is said to the page's line. */
const MAX_MESSAGE_BYTES = 1024;
const PAGE = 'live.html';

/**
 * The live picture of a project for programs that film it: a server of its own, at this computer alone, that begins
 * with the first address that is asked for. An address holds a token: it is good for the picture of one project, and
 * for nothing else of the studio. Such programs keep no cookies and send no secrets, so the token is all there is.
 */
export class LivePage {
  readonly #lines: Pick<LiveLines, 'watch'>;
  readonly #windowDir: string;
  readonly #tokens = new Map<string, string>(); // by project
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  #server: Promise<Server> | undefined;

  constructor(lines: Pick<LiveLines, 'watch'>, windowDir: string) {
    this.#lines = lines;
    this.#windowDir = windowDir;
  }

  /** The same for a project each time, as long as the program runs. Raises what the system says of a new server. */
  async address(projectId: string): Promise<string> {
    this.#server ??= this.#listen();
    this.#server.catch(() => (this.#server = undefined)); // the next that asks has it tried again
    const server = await this.#server;
    const token = this.#tokens.get(projectId) ?? randomBytes(24).toString('base64url');
    this.#tokens.set(projectId, token);
    return addressOf(server, token);
  }

  /** Whether it is an address that was given. */
  async gave(address: string): Promise<boolean> {
    const server = await this.#server?.catch(() => undefined);
    return !!server && [...this.#tokens.values()].some((token) => address === addressOf(server, token));
  }

  async close(): Promise<void> {
    const server = await this.#server?.catch(() => undefined);
    for (const client of this.#sockets.clients) client.terminate();
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  async #listen(): Promise<Server> {
    const server = createServer((request, response) => {
      this.#answer(server, request, response).catch(() => response.destroy());
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const { projectId, rest } = this.#asked(server, request);
      // A WebSocket is not bound by the same-origin policy: the page's own origin has to be named.
      if (projectId === undefined || rest !== 'live' || request.headers.origin !== `http://${nameOf(server)}`)
        return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => client.terminate());
        const leave = this.#lines.watch(projectId, {
          send: (message) => client.send(message),
          get buffered() {
            return client.bufferedAmount;
          },
          close: () => client.close(),
        });
        client.on('close', leave);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, LOOPBACK, resolve);
    });
    server.unref(); // the program may end with it open
    return server;
  }

  /** Whose picture is asked for, and what behind its token; nothing where token or name of the server are not right. */
  #asked(server: Server, { url = '/', headers: { host } }: IncomingMessage): { projectId?: string; rest: string } {
    const [, token = '', ...rest] = url.split('?')[0]!.split('/');
    const found = [...this.#tokens].find(([, known]) => known === token)?.[0];
    return {
      ...(found !== undefined && host === nameOf(server) ? { projectId: found } : {}),
      rest: rest.join('/'),
    };
  }

  async #answer(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
    const { projectId, rest } = this.#asked(server, request);
    if (projectId === undefined) return void response.writeHead(403).end();
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
    const file = rest === '' ? PAGE : /^assets\/[\w.-]+$/.test(rest) ? rest : undefined;
    if (file === undefined) return void response.writeHead(404).end();
    const located = { file: path.join(this.#windowDir, file), download: false, cache: 'no-cache' };
    await serveFile(request, response, located);
  }
}

function nameOf(server: Server): string {
  return `${LOOPBACK}:${(server.address() as AddressInfo).port}`;
}

function addressOf(server: Server, token: string): string {
  return `http://${nameOf(server)}/${token}/`;
}
