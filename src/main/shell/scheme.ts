import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { protocol, type Session } from 'electron';
import { answerWith } from '../host/file-answer.ts';
import { locate } from '../host/locate.ts';
import { PAGE_HEADERS } from '../host/policy.ts';
import type { Studio } from '../studio/studio.ts';

const SCHEME = 'app';
/** The window's one origin: its own files, and the library's media under /media. */
export const WINDOW_ORIGIN = `${SCHEME}://window`;

/** Before the app is ready: our scheme behaves like https (origin, storage, streams). */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }]);
}

/** Serves the window and the library's media, with Range, by the same code as the web host. */
export function serveScheme(session: Session, studio: Studio, windowDir: string): void {
  session.protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'window') return refuse(404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    try {
      const located = await locate(studio, windowDir, url);
      if (!located) return refuse(404);
      const { status, headers, bytes } = await answerWith(located, { range: request.headers.get('range'), method: request.method });
      const body = bytes ? (Readable.toWeb(createReadStream(located.file, bytes)) as ReadableStream) : null;
      return new Response(body, { status, headers: { ...PAGE_HEADERS, ...headers } });
    } catch (error) {
      return refuse(error instanceof URIError ? 400 : 500);
    }
  });
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: PAGE_HEADERS });
}
