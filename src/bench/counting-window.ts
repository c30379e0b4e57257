import { once } from 'node:events';
import WebSocket from 'ws';
import { StudioError } from '../shared/contract/index.ts';
import { decodeLivePicture, LiveReply, type LiveRequest } from '../shared/contract/live.ts';
import type { Take } from '../shared/domain/take.ts';

/** What came of some wishes. */
export interface Timing {
  readonly pictures: number;
  readonly ms: number;
  /** From each wish to its picture, milliseconds. */
  readonly delays: readonly number[];
}
type Ready = Extract<LiveReply, { type: 'ready' }>;

/** A window's live line without a window: it comes in through the gate, asks for pictures, and counts them. */
export class CountingWindow {
  readonly #socket: WebSocket;
  readonly #replies: LiveReply[] = [];
  #onPicture: (serial: number) => void = () => undefined;
  #wake: () => void = () => undefined;
  #serial = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (message: Buffer, binary) => {
      if (binary)
        return this.#onPicture(
          decodeLivePicture(
            message.buffer.slice(message.byteOffset, message.byteOffset + message.byteLength) as ArrayBuffer,
          ).serial,
        );
      this.#replies.push(LiveReply.parse(JSON.parse(message.toString())));
      this.#wake();
    });
    socket.on('close', () => this.#wake());
    socket.on('error', () => socket.terminate());
  }

  /** `address` is the host's, with its token. */
  static async open(address: string): Promise<CountingWindow> {
    const { host, origin } = new URL(address);
    const cookie = (await fetch(address, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? '';
    const socket = new WebSocket(`ws://${host}/live`, { headers: { cookie, origin } });
    await once(socket, 'open');
    return new CountingWindow(socket);
  }

  /** Raises the host's StudioError. */
  async show(projectId: string, height: number): Promise<Ready> {
    this.#send({ type: 'open', projectId, height });
    return this.#next('ready');
  }

  async speak(take: Take): Promise<void> {
    this.#send({ type: 'take', serial: this.#nextSerial(), take });
    await this.#next('motion');
  }

  /** Keeps `underWay` wishes open for `ms`; `frameOf` says what each is for. */
  async ask(ms: number, underWay: number, frameOf: (count: number) => number): Promise<Timing> {
    const sent = new Map<number, number>();
    const delays: number[] = [];
    const begin = performance.now();
    const done = Promise.withResolvers<void>();
    let count = 0;
    const wish = (): void => {
      const serial = this.#nextSerial();
      sent.set(serial, performance.now());
      this.#send({ type: 'frame', serial, frame: frameOf(count++) });
    };
    this.#wake = () => done.reject(this.#failure());
    this.#onPicture = (serial) => {
      const now = performance.now();
      delays.push(now - sent.get(serial)!);
      sent.delete(serial);
      if (now - begin < ms) wish();
      else if (sent.size === 0) done.resolve();
    };
    for (let k = 0; k < underWay; k++) wish();
    await done.promise;
    return { pictures: delays.length, ms: performance.now() - begin, delays };
  }

  close(): void {
    this.#socket.terminate();
  }

  async #next<Type extends LiveReply['type']>(type: Type): Promise<Extract<LiveReply, { type: Type }>> {
    for (;;) {
      const reply = this.#replies.shift();
      if (reply?.type === type) return reply as Extract<LiveReply, { type: Type }>;
      if (reply?.type === 'failed') throw new StudioError(reply.error);
      if (!reply && this.#socket.readyState !== WebSocket.OPEN) throw this.#failure();
      if (!reply) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #failure(): StudioError {
    const failed = this.#replies.find((reply) => reply.type === 'failed');
    return new StudioError(
      failed?.error ?? { code: 'internal', message: 'The live line was lost.', hint: 'Try again.' },
    );
  }

  #nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  #send(request: LiveRequest): void {
    this.#socket.send(JSON.stringify(request));
  }
}
