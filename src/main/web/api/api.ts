import type { IncomingMessage, ServerResponse } from 'node:http';
import { StandardOpenAPIHandler } from '@orpc/openapi/standard';
import { type ORPCError, setHiddenRouterContract } from '@orpc/server';
import { sendStandardResponse, toStandardLazyRequest } from '@orpc/standard-server-node';
import { apiContract } from '../../../shared/contract/api.ts';
import { StudioErrorShape } from '../../../shared/contract/index.ts';
import { asStudioError, knownError } from '../../../shared/domain/system-error.ts';
import { OPERATIONS, type Operation, requireWhoAgreed } from '../../host/operations.ts';
import { createRouter, type OutsideAddress } from '../../host/router.ts';
import type { Studio } from '../../studio/studio.ts';
import { type Allowance, Attempts } from '../attempts.ts';
import type { Gate } from '../gate.ts';
import { equal } from '../secret.ts';
import type { Uploads } from '../uploads.ts';
import { jsonBody } from './body.ts';
import { byteRoutes, type ByteRoute } from './bytes.ts';
import { openApiDocument } from './document.ts';
import { type Problem, problem, problemOf, sendProblem } from './problem.ts';

export const API_PREFIX = '/api/v1';

const REQUESTS: Allowance = { windowMs: 60_000, fromOne: 1200, fromAll: 6000 };
const STRANGERS: Allowance = { windowMs: 60_000, fromOne: 60, fromAll: 600 };
/** Jobs that are followed at once. */
const MOST_STREAMS = 32;
/** What does not fit is told up to so many times. */
const MOST_ISSUES = 20;

export interface ApiOptions {
  readonly studio: Studio;
  readonly gate: Gate;
  readonly uploads: Uploads;
  readonly outside: OutsideAddress;
  readonly token: string;
  /** What who has the token may ask, and how often others may try. */
  readonly requests?: Allowance;
  readonly strangers?: Allowance;
  /** Milliseconds after which an upload is given up of which nothing comes. */
  readonly silentMs: number;
}

/** Answers other programs that have the token. */
export class Api {
  readonly #options: ApiOptions;
  readonly #requests: Attempts;
  readonly #strangers: Attempts;
  readonly #bytes: readonly ByteRoute[];
  readonly #routes: readonly { readonly pattern: RegExp; readonly route: Operation | ByteRoute }[];
  readonly #handler: StandardOpenAPIHandler<Record<never, never>>;
  #document: Promise<string> | undefined;
  #streams = 0;

  constructor(options: ApiOptions) {
    const { studio, uploads, outside, requests = REQUESTS, strangers = STRANGERS, silentMs } = options;
    this.#options = options;
    this.#requests = new Attempts(undefined, requests);
    this.#strangers = new Attempts(undefined, strangers);
    this.#bytes = byteRoutes(studio, uploads, silentMs);
    this.#routes = [...OPERATIONS, ...this.#bytes].map((route) => ({ route, pattern: patternOf(route) }));
    const router = createRouter(
      studio,
      {
        file: (token) => uploads.path(token),
        discard: (token) => uploads.discard(token),
        paths: 'refused',
        agreed: requireWhoAgreed,
      },
      outside,
    );
    // Of the whole contract only what programs may ask is found.
    this.#handler = new StandardOpenAPIHandler(setHiddenRouterContract(router, apiContract), {
      customErrorResponseBodyEncoder: problemFor,
    });
  }

  /** Whether a request is for it. */
  static isFor({ pathname }: URL): boolean {
    return pathname === '/api' || pathname.startsWith('/api/');
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    try {
      if (this.#admits(request, response)) await this.#answer(request, response, url);
    } catch (error) {
      this.#fail(request, response, error);
    }
  }

  /** Answers whoever may not ask. */
  #admits(request: IncomingMessage, response: ServerResponse): boolean {
    const { gate, token } = this.#options;
    if (!gate.sameSite(request)) {
      sendProblem(request, response, problem(403, 'forbidden', 'This server does not go by that name.'));
      return false;
    }
    const given = /^Bearer +([\w-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const known = given !== undefined && equal(given, token);
    const wait = (known ? this.#requests : this.#strangers).begin(request.socket.remoteAddress ?? '');
    if (wait > 0)
      sendProblem(request, response, problem(429, 'too-many', 'There were too many requests.'), {
        'Retry-After': String(wait),
      });
    else if (!known)
      sendProblem(
        request,
        response,
        problem(401, 'unauthorized', 'The token is missing or wrong.', {
          hint: 'Send "Authorization: Bearer TOKEN"; the program says where the token lies.',
        }),
        { 'WWW-Authenticate': 'Bearer realm="Likeness"' },
      );
    return known && wait === 0;
  }

  async #answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const path = url.pathname.startsWith(API_PREFIX) ? url.pathname.slice(API_PREFIX.length) : '';
    const { method } = request;
    if (path === '/openapi.json' && method === 'GET') {
      response.setHeader('Content-Type', 'application/json');
      return void response.end(await this.#describe());
    }
    const there = this.#routes.filter(({ pattern }) => pattern.test(path));
    const found = there.find(({ route }) => route.method === method || (method === 'HEAD' && isFile(route)));
    if (there.length === 0)
      return sendProblem(request, response, problem(404, 'not-found', 'There is nothing at this address.'));
    if (!found)
      return sendProblem(
        request,
        response,
        problem(405, 'method-not-allowed', `This address does not take ${method}.`),
        { Allow: there.map(({ route }) => route.method).join(', ') },
      );
    const { route, pattern } = found;
    if (!('answer' in route)) return this.#ask(request, response, route);
    const variables = pattern.exec(path)!.slice(1).map(decodeURIComponent);
    return route.answer(request, response, url, variables);
  }

  async #ask(request: IncomingMessage, response: ServerResponse, { streams }: Operation): Promise<void> {
    if (streams && this.#streams >= MOST_STREAMS)
      return sendProblem(request, response, problem(429, 'too-many', 'Too many jobs are followed at once.'));
    if (streams) this.#streams += 1;
    try {
      const asked = { ...toStandardLazyRequest(request, response), body: () => jsonBody(request) };
      const result = await this.#handler.handle(asked, { prefix: API_PREFIX, context: {} });
      if (!result.matched) throw new URIError('An address that no operation has.');
      if (result.response.status < 400) return await sendStandardResponse(response, result.response);
      sendProblem(request, response, result.response.body as Problem);
    } finally {
      if (streams) this.#streams -= 1;
    }
  }

  #describe(): Promise<string> {
    const { version } = this.#options.studio.system.about();
    return (this.#document ??= openApiDocument(API_PREFIX, version, this.#bytes).then((document) =>
      JSON.stringify(document),
    ));
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (response.destroyed) return; // whoever asked has left, or was given up
    if (error instanceof URIError)
      return sendProblem(request, response, problem(400, 'bad-request', 'This address cannot be read.'));
    const { log } = this.#options.studio;
    const known = knownError(error);
    if (known) log.failure('api', known);
    else log.fault('api', error);
    sendProblem(request, response, problemOf(asStudioError(error)));
  }
}

/** Of a file the head alone can be asked for. */
function isFile(route: Operation | ByteRoute): boolean {
  return 'answer' in route && route.method === 'GET';
}

/** "/projects/{id}" finds one name in the place of each variable. */
function patternOf({ route }: Pick<Operation, 'route'>): RegExp {
  return new RegExp(`^${route.replaceAll(/\{\w+\}/g, '([^/]+)')}$`);
}

/** What a procedure, or the reading of what it was asked, ended with. */
function problemFor(error: ORPCError<string, unknown>): Problem {
  const known = StudioErrorShape.safeParse(error.data);
  if (known.success) return problemOf(known.data);
  if (error.status === 413) return problem(413, 'too-large', error.message);
  if (error.status === 415) return problem(415, 'unsupported-type', error.message);
  if (error.status !== 400) return problemOf(asStudioError(error));
  const { issues = [] } = (error.data ?? {}) as { issues?: readonly { path?: readonly unknown[]; message: string }[] };
  if (issues.length === 0) return problem(400, 'bad-request', error.message);
  return problem(400, 'bad-request', 'What was sent does not fit.', { errors: issues.slice(0, MOST_ISSUES).map(told) });
}

function told({ path = [], message }: { readonly path?: readonly unknown[]; readonly message: string }) {
  const names = path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'));
  return { pointer: names.map((name) => `/${name}`).join(''), detail: message };
}
