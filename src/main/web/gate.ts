import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie } from 'cookie';

const COOKIE = 'likeness';

/** Who a request says it is for, and from whose page. */
export interface Names {
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
}

/**
 * Lets only this window in: a random token in the first URL, or a password, is exchanged for an HttpOnly SameSite
 * cookie, and the Host and Origin headers must name this server, so that a page of another site (or a rebound DNS name)
 * gets nothing.
 */
export class Gate {
  readonly token = randomBytes(24).toString('base64url');
  readonly #session = randomBytes(24).toString('base64url');
  readonly #names: () => Names;
  readonly #password: string | undefined;

  constructor(names: () => Names, password?: string) {
    this.#names = names;
    this.#password = password;
  }

  /** True when the request comes from our own page or from none, addressed to our own name. */
  sameSite({ headers: { host, origin } }: IncomingMessage): boolean {
    const { hosts, origins } = this.#names();
    if (host === undefined || !hosts.includes(host.toLowerCase())) return false;
    return origin === undefined || origins.includes(origin);
  }

  admitted(request: IncomingMessage): boolean {
    const found = parseCookie(request.headers.cookie ?? '')[COOKIE];
    return this.sameSite(request) && found !== undefined && equal(found, this.#session);
  }

  /** Answers the first visit; false when the URL carries no token or a wrong one. */
  exchange(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    const token = url.searchParams.get('token');
    if (token === null || !this.sameSite(request) || !equal(token, this.token)) return false;
    this.admit(response);
    return true;
  }

  /** Takes the same time for every wrong one. */
  knows(password: string): boolean {
    return this.#password !== undefined && equal(password, this.#password);
  }

  /** Sends the browser to the window, with the cookie that opens it. */
  admit(response: ServerResponse): void {
    response.writeHead(303, {
      'Set-Cookie': `${COOKIE}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`,
      Location: '/',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
    });
    response.end();
  }
}

/** Compares digests under a key of the moment: their length and where they differ tell nothing. */
function equal(a: string, b: string): boolean {
  const key = randomBytes(32);
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
