import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const COOKIE = 'likeness';

/**
 * Lets only this window in: a random token in the first URL is exchanged for an HttpOnly SameSite cookie, and the Host and
 * Origin headers must name this server, so that a page of another site (or a rebound DNS name) gets nothing.
 */
export class Gate {
  readonly token = randomBytes(24).toString('base64url');
  readonly #session = randomBytes(24).toString('base64url');
  readonly #hosts: () => readonly string[];

  constructor(hosts: () => readonly string[]) {
    this.#hosts = hosts;
  }

  /** True when the request comes from our own page or from none, addressed to our own name. */
  sameSite(request: IncomingMessage): boolean {
    const hosts = this.#hosts();
    const host = request.headers.host;
    if (host === undefined || !hosts.includes(host)) return false;
    const origin = request.headers.origin;
    return origin === undefined || hosts.some((name) => origin === `http://${name}`);
  }

  admitted(request: IncomingMessage): boolean {
    const cookie = (request.headers.cookie ?? '').split(';').map((part) => part.trim());
    const found = cookie.find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
    return this.sameSite(request) && found !== undefined && equal(found, this.#session);
  }

  /** Answers the first visit; false when the URL carries no token or a wrong one. */
  exchange(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    const token = url.searchParams.get('token');
    if (token === null || !this.sameSite(request) || !equal(token, this.token)) return false;
    response.writeHead(303, {
      'Set-Cookie': `${COOKIE}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`,
      Location: '/',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
    });
    response.end();
    return true;
  }
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
