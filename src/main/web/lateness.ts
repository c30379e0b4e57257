import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What is no upload is here by then. */
export const WHOLE_WITHIN_MS = 300_000;
/** Node's own limit goes with its limit for the whole request, which uploads have no use for. */
export const HEADERS_WITHIN_MS = 60_000;
/** How often Node looks for requests whose headers are late. */
const MOST_BETWEEN_LOOKS_MS = 30_000;
/** An upload of which nothing comes for so long is given up. */
export const SILENT_MS = 60_000;

/** Who takes nothing for so long of what waits is gone, or never meant to read. Other servers wait as long. */
export const UNREAD_MS = 60_000;

const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** A server that gives up what has not said what it wants after `headersMs` milliseconds. The rest is below. */
export function serverWithin(headersMs: number): Server {
  return createServer({
    requestTimeout: 0,
    headersTimeout: headersMs,
    connectionsCheckingInterval: Math.min(headersMs, MOST_BETWEEN_LOOKS_MS),
  });
}

/**
 * Gives a request up that is not whole after `ms` milliseconds. Node's own limit knows no exception: it would end a
 * large video on a slow line too.
 */
export function endWhenLate(request: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => !request.complete && request.destroy(), ms).unref();
  timers.set(request, timer);
  request.once('close', () => clearTimeout(timer));
}

/** An upload may take as long as it likes: it is given up when nothing of it came for `ms` milliseconds. */
export async function endWhenSilent<Received>(
  request: IncomingMessage,
  ms: number,
  receive: () => Promise<Received>,
): Promise<Received> {
  clearTimeout(timers.get(request));
  request.setTimeout(ms, () => request.destroy());
  try {
    return await receive();
  } finally {
    request.setTimeout(0); // the connection may be used again
  }
}

/**
 * Ends a connection of which nothing is taken for `ms` milliseconds while something waits: what waits is kept, and a
 * file that is sent stays open.
 */
export function endWhenUnread(to: ServerResponse | Socket, ms: number): void {
  to.setTimeout(ms, () => to.writableLength > 0 && to.destroy());
}
