import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { ErrorCode, StudioErrorShape } from '../../../shared/contract/index.ts';

/** What a program is told that something went wrong (RFC 9457, type "about:blank"); the code says which. */
export const Problem = z.object({
  title: z.string(), // what HTTP says of the status
  status: z.int(),
  detail: z.string(), // what is wrong
  code: z.string(),
  hint: z.string().optional(), // what to do
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(), // JSON Pointers into what was sent
});
export type Problem = z.infer<typeof Problem>;

/** The type of a body that is one. */
export const PROBLEM_TYPE = 'application/problem+json';

/** How HTTP has each of the studio's errors. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'not-found': 404,
  ambiguous: 409,
  'bad-video': 422,
  'bad-audio': 422,
  'no-audio': 422,
  'no-face': 422,
  'too-short': 422,
  'bad-bundle': 422,
  'bad-checkpoint': 422,
  'consent-required': 403,
  'consent-withdrawn': 403,
  busy: 409,
  'disk-full': 507,
  'out-of-memory': 503,
  'no-device': 422,
  'missing-tool': 503,
  interrupted: 503,
  cancelled: 409,
  internal: 500,
};

export function problem(
  status: number,
  code: string,
  detail: string,
  more: Pick<Problem, 'hint' | 'errors'> = {},
): Problem {
  return { title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...more };
}

/** Without the technical detail, which may name files of this computer. */
export function problemOf({ code, message, hint }: StudioErrorShape): Problem {
  return problem(STATUS[code], code, message, hint === '' ? {} : { hint });
}

export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  told: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(told.status, {
    'Content-Type': PROBLEM_TYPE,
    ...(isComing(request) ? { Connection: 'close' } : {}), // it is not waited for
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(told));
}

/** Whether more of it may be on its way. */
function isComing({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}
