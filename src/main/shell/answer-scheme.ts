import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { answerWith } from '../host/file-answer.ts';
import { locate } from '../host/locate.ts';
import { PAGE_HEADERS } from '../host/policy.ts';
import type { Studio } from '../studio/studio.ts';

/** What our scheme answers: the window and the library's media, with Range, by the same code as the web host. */
export async function answerScheme(request: Request, studio: Studio, windowDir: string): Promise<Response> {
  const url = new URL(request.url);
  if (url.host !== 'window') return refuse(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  try {
    const located = await locate(studio, windowDir, url);
    if (!located) return refuse(404);
    const { status, headers, bytes } = await answerWith(located, {
      range: request.headers.get('range'),
      method: request.method,
    });
    const body = bytes ? (Readable.toWeb(createReadStream(located.file, bytes)) as ReadableStream) : null;
    return new Response(body, { status, headers: { ...PAGE_HEADERS, ...headers } });
  } catch (error) {
    if (!(error instanceof URIError)) studio.log.fault('request', error);
    return refuse(error instanceof URIError ? 400 : 500);
  }
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: PAGE_HEADERS });
}
