import type { RPCHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';

type Line = Parameters<RPCHandler<Record<never, never>>['upgrade']>[0];

/** Kinds of messages, as oRPC numbers them. */
const CALL = 1;
const STREAM = 3;
const GIVEN_UP = 4;

/** What a message is: one of ours, a call that cannot be understood, or nothing that anybody waits for an answer to. */
type Judgement = { readonly kind: 'ours' | 'nonsense' } | { readonly kind: 'bad-call'; readonly id: string | number };

/**
 * Puts a browser window's socket on the contract. What cannot be understood never reaches it: a call is answered as
 * one that does not fit, anything else is passed over, and the line goes on.
 */
export function answerContract(rpc: RPCHandler<Record<never, never>>, client: WebSocket): void {
  const listen = (type: 'message' | 'close', listener: (event: unknown) => void): void => {
    if (type === 'close') return client.addEventListener('close', listener);
    client.addEventListener('message', (event) => {
      const judgement = judge(event.data);
      if (judgement.kind === 'ours') listener(event);
      else if (judgement.kind === 'bad-call') client.send(refusal(judgement.id));
    });
  };
  const line: Line = { send: client.send.bind(client), addEventListener: listen as Line['addEventListener'] };
  void rpc.upgrade(line, { context: {} });
}

/** Our window sends text only: a call with its path, more of a stream, or that somebody gave up. */
function judge(data: unknown): Judgement {
  const message = typeof data === 'string' ? parse(data) : undefined;
  if (!isRecord(message)) return { kind: 'nonsense' };
  const { i: id, t: type = CALL, p: payload } = message;
  if (typeof id !== 'string' && typeof id !== 'number') return { kind: 'nonsense' };
  if (type === GIVEN_UP || (type === STREAM && isRecord(payload))) return { kind: 'ours' };
  if (type !== CALL) return { kind: 'nonsense' };
  const fits = isRecord(payload) && isAddress(payload['u']) && (payload['h'] === undefined || isRecord(payload['h']));
  return fits ? { kind: 'ours' } : { kind: 'bad-call', id };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether it leads to a procedure or not is told by the contract. */
function isAddress(address: unknown): boolean {
  if (typeof address !== 'string') return false;
  try {
    const { pathname } = new URL(address.startsWith('/') ? `http://window${address}` : address);
    return decodeURIComponent(pathname) !== '';
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function refusal(id: string | number): string {
  const error = { defined: false, code: 'BAD_REQUEST', status: 400, message: 'This is no call.' };
  return JSON.stringify({ i: id, p: { s: 400, b: { json: error } } });
}
