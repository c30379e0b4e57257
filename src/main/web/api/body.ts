import type { IncomingMessage } from 'node:http';
import { ORPCError } from '@orpc/server';

/** As much as a window may say at once. */
const MOST_BYTES = 1 << 20;

/** What was sent as JSON; undefined where nothing was. Raises ORPCError for what is too large, or no JSON. */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  if (Number(request.headers['content-length']) > MOST_BYTES) throw tooLarge();
  const parts: Buffer[] = [];
  let bytes = 0;
  // Its end must not take away the connection that the answer goes out on.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw tooLarge();
    parts.push(part);
  }
  if (bytes === 0) return undefined;
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new ORPCError('UNSUPPORTED_MEDIA_TYPE', { message: 'Only JSON is understood here.' });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)));
  } catch (cause) {
    throw new ORPCError('BAD_REQUEST', { message: 'What was sent is no JSON.', cause });
  }
}

function tooLarge(): ORPCError<'PAYLOAD_TOO_LARGE', undefined> {
  return new ORPCError('PAYLOAD_TOO_LARGE', { message: 'What was sent has more than 1 MB.' });
}
