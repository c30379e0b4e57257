import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { answerWith, type FileAnswer } from '../host/file-answer.ts';
import type { Located } from '../host/locate.ts';

/** Sends a file, or the part of it that was asked for. */
export async function serveFile(request: IncomingMessage, response: ServerResponse, located: Located): Promise<void> {
  await sendFile(response, located.file, await fileAnswer(request, located));
}

/** What a request is answered with that asks for a file, or for a part of it. */
export function fileAnswer(request: IncomingMessage, located: Located): Promise<FileAnswer> {
  return answerWith(located, { range: request.headers.range, method: request.method ?? 'GET' });
}

export async function sendFile(
  response: ServerResponse,
  file: string,
  { status, headers, bytes }: FileAnswer,
): Promise<void> {
  response.writeHead(status, headers);
  if (!bytes) return void response.end();
  // A closed tab ends the stream early; that is no error of ours.
  await pipeline(createReadStream(file, bytes), response).catch(() => response.destroy());
}
