import type { RPCHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';

type Rpc = Pick<RPCHandler<Record<never, never>>, 'upgrade'>;
type Line = Parameters<Rpc['upgrade']>[0];
type Id = string | number;

/** Kinds of messages, as oRPC numbers them. */
const CALL = 1;
const STREAM = 3;
const GIVEN_UP = 4;

/** Calls that are worked on at once; a window that opens a project makes some twenty. */
const MOST_AT_WORK = 32;
/** Calls that wait, are worked on or have a stream open; more are refused. */
const MOST_OPEN = 1000;
/** Bytes of answers that may wait to be read before no more calls are taken up. */
const MOST_UNREAD = 8 * 2 ** 20;
/** Bytes of calls that may wait. */
const MOST_WAITING = 4 * 2 ** 20;

/** What a message is: one of ours, a call that cannot be understood, or nothing that anybody waits for an answer to. */
type Judgement =
  { readonly kind: 'call' | 'bad-call' | 'given-up'; readonly id: Id } | { readonly kind: 'more' | 'nonsense' };

/**
 * Puts a browser window's socket on the contract. What cannot be understood never reaches it: a call is answered as
 * one that does not fit, anything else is passed over, and the line goes on. Whoever asks and does not read has calls
 * wait: an answer is kept until it is read, and nothing else bounds how many there are.
 */
export function answerContract(rpc: Rpc, client: WebSocket): void {
  const calls = new Calls(client);
  const listen = (type: 'message' | 'close', listener: (event: unknown) => unknown): void => {
    if (type === 'close') return client.addEventListener('close', listener);
    client.addEventListener('message', (event) => {
      const judgement = judge(event.data);
      if (judgement.kind === 'call')
        calls.take(judgement.id, Buffer.byteLength(event.data as string), () => listener(event));
      else if (judgement.kind === 'given-up') calls.giveUp(judgement.id, () => listener(event));
      else if (judgement.kind === 'more') listener(event);
      else if (judgement.kind === 'bad-call') void calls.send(refusal(judgement.id, 400, 'This is no call.'));
    });
  };
  const line: Line = {
    send: (message: string | Uint8Array) => calls.send(message),
    addEventListener: listen as Line['addEventListener'],
  };
  void rpc.upgrade(line, { context: {} });
}

interface Call {
  readonly bytes: number;
  /** Settles when it is answered, and its stream at an end. */
  readonly begin: () => unknown;
}

/** The calls of a line. */
class Calls {
  readonly #client: WebSocket;
  readonly #waiting = new Map<Id, Call>();
  readonly #atWork = new Set<Id>();
  readonly #open = new Set<Id>(); // at work, or with a stream that goes on

  constructor(client: WebSocket) {
    this.#client = client;
  }

  take(id: Id, bytes: number, begin: Call['begin']): void {
    if (this.#open.has(id) || this.#waiting.has(id)) return; // nobody could tell their answers apart
    if (this.#open.size + this.#waiting.size >= MOST_OPEN)
      return void this.send(refusal(id, 429, 'Too much is asked at once.'));
    this.#waiting.set(id, { bytes, begin });
    this.#goOn();
  }

  giveUp(id: Id, tell: () => unknown): void {
    if (!this.#waiting.delete(id)) tell();
  }

  /** Settles when it has left this process, or never will: a stream goes as fast as it is read. */
  send(message: string | Uint8Array): Promise<void> {
    const id = idOf(message);
    if (id !== undefined) this.#atWork.delete(id);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#client.send(message, () => {
      resolve();
      this.#goOn();
    });
    this.#goOn();
    return promise;
  }

  #goOn(): void {
    const isUnread = (): boolean => this.#client.bufferedAmount >= MOST_UNREAD;
    for (const [id, { begin }] of this.#waiting) {
      if (this.#atWork.size >= MOST_AT_WORK || isUnread()) break;
      this.#waiting.delete(id);
      this.#atWork.add(id);
      this.#open.add(id);
      void Promise.resolve(begin()).finally(() => {
        this.#atWork.delete(id);
        this.#open.delete(id);
        this.#goOn();
      });
    }
    const waiting = this.#waiting.values().reduce((sum, { bytes }) => sum + bytes, 0);
    if (isUnread() || waiting >= MOST_WAITING) this.#client.pause();
    else this.#client.resume();
  }
}

/** Bytes of a message's beginning in which its id is looked for: longer ones are free when their call ends. */
const LONGEST_ID = 256;

/** Whose answer a message is: its id stands first, also where bytes follow. */
function idOf(message: string | Uint8Array): Id | undefined {
  const text = typeof message === 'string' ? message : Buffer.from(message.subarray(0, LONGEST_ID)).toString();
  const id = /^\{"i":("(?:[^"\\]|\\.)*"|[^",]+)/.exec(text)?.[1];
  return id === undefined ? undefined : (JSON.parse(id) as Id);
}

/** Our window sends text only: a call with its path, more of a stream, or that somebody gave up. */
function judge(data: unknown): Judgement {
  const message = typeof data === 'string' ? parse(data) : undefined;
  if (!isRecord(message)) return { kind: 'nonsense' };
  const { i: id, t: type = CALL, p: payload } = message;
  if (typeof id !== 'string' && typeof id !== 'number') return { kind: 'nonsense' };
  if (type === GIVEN_UP) return { kind: 'given-up', id };
  if (type === STREAM && isRecord(payload)) return { kind: 'more' };
  if (type !== CALL) return { kind: 'nonsense' };
  const fits = isRecord(payload) && isAddress(payload['u']) && (payload['h'] === undefined || isRecord(payload['h']));
  return { kind: fits ? 'call' : 'bad-call', id };
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

function refusal(id: Id, status: 400 | 429, message: string): string {
  const error = { defined: false, code: status === 400 ? 'BAD_REQUEST' : 'TOO_MANY_REQUESTS', status, message };
  return JSON.stringify({ i: id, p: { s: status, b: { json: error } } });
}
