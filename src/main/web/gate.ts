import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie } from 'cookie';
import { equal, secret } from './secret.ts';

/** Printed keys that nobody has used yet: more than anybody asks for, and the oldest is forgotten first. */
const MOST_KEYS = 16;

/** Who a request says it is for, and from whose page. */
export interface Names {
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
}

/**
 * Lets only this window in: a random token in the first URL, good for one visit, or a password, is exchanged for an
 * HttpOnly SameSite cookie, and the Host and Origin headers must name this server, so that a page of another site (or a
 * rebound DNS name) gets nothing.
 */
export class Gate {
  /** Browsers keep one jar for all ports of a computer: each server's cookie has a name of its own. */
  readonly #cookie = `likeness-${randomBytes(6).toString('hex')}`;
  readonly #session = secret();
  readonly #names: () => Names;
  readonly #password: string | undefined;
  readonly #keys: string[] = [];

  constructor(names: () => Names, password?: string) {
    this.#names = names;
    this.#password = password;
  }

  /** A new key for one visit. */
  newKey(): string {
    const key = secret();
    this.#keys.push(key);
    if (this.#keys.length > MOST_KEYS) this.#keys.shift();
    return key;
  }

  /** True when the request comes from our own page or from none, addressed to our own name. */
  sameSite({ headers: { host, origin } }: IncomingMessage): boolean {
    const { hosts, origins } = this.#names();
    if (host === undefined || !hosts.includes(host.toLowerCase())) return false;
    return origin === undefined || origins.includes(origin);
  }

  admitted(request: IncomingMessage): boolean {
    const found = parseCookie(request.headers.cookie ?? '')[this.#cookie];
    return this.sameSite(request) && found !== undefined && equal(found, this.#session);
  }

  /**
   * Answers a visit with a key; false when it carries none or a wrong one. A key that was used before opens nothing,
   * but whoever is in already is shown the window: the printed address may be opened again in the same browser.
   */
  exchange(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    const given = url.searchParams.get('token');
    if (given === null || !this.sameSite(request)) return false;
    const used = this.#keys.findIndex((key) => equal(given, key));
    if (used < 0 && !this.admitted(request)) return false;
    // A look ahead (a preview, a HEAD) must not use the key up.
    if (request.method !== 'GET') return false;
    if (used >= 0) this.#keys.splice(used, 1);
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
      'Set-Cookie': `${this.#cookie}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`,
      Location: '/',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
    });
    response.end();
  }
}
