import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { answerWith } from '../host/file-answer.ts';
import type { Located } from '../host/locate.ts';

/** Sends a file, or the part of it that was asked for. */
export async function serveFile(request: IncomingMessage, response: ServerResponse, located: Located): Promise<void> {
  const { status, headers, bytes } = await answerWith(located, {
    range: request.headers.range,
    method: request.method ?? 'GET',
  });
  response.writeHead(status, headers);
  if (!bytes) return void response.end();
  // A closed tab ends the stream early; that is no error of ours.
  await pipeline(createReadStream(located.file, bytes), response).catch(() => response.destroy());
}
