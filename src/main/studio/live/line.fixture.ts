import { setTimeout as sleep } from 'node:timers/promises';
import { decodeLivePicture, type LivePicture, LiveReply } from '../../../shared/contract/live.ts';
import type { Line } from './line.ts';

type Reply<Type extends LiveReply['type']> = Extract<LiveReply, { type: Type }>;

/** A window's end of a line, without a window: keeps what it is sent, and can be full. */
export class TestLine implements Line {
  readonly replies: LiveReply[] = [];
  readonly pictures: LivePicture[] = [];
  buffered = 0;
  closed = false;

  send(message: string | Uint8Array, left?: () => void): void {
    if (this.closed) throw new Error('Something was sent on a closed line.');
    if (typeof message === 'string') this.replies.push(LiveReply.parse(JSON.parse(message)));
    else this.pictures.push(decodeLivePicture(message.slice().buffer as ArrayBuffer));
    left?.();
  }

  close(): void {
    this.closed = true;
  }

  of<Type extends LiveReply['type']>(type: Type): Reply<Type>[] {
    return this.replies.filter((reply): reply is Reply<Type> => reply.type === type);
  }

  /** The reply of this type once there are `count` of them. */
  async next<Type extends LiveReply['type']>(type: Type, count = 1): Promise<Reply<Type>> {
    await until(() => this.of(type).length >= count);
    return this.of(type)[count - 1]!;
  }

  async picture(serial: number): Promise<LivePicture> {
    const found = () => this.pictures.find((picture) => picture.serial === serial);
    await until(() => found() !== undefined);
    return found()!;
  }
}

export async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 100_000; !condition(); await sleep(5)) {
    if (Date.now() > end) throw new Error('It did not happen.');
  }
}
