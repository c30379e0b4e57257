import { encodeLivePicture, LIVE_HEADER_BYTES, type LivePicture } from '../../../shared/contract/live.ts';
import type { Line } from './line.ts';

/** Pictures on a line: the memory of those that have left is filled again. */
export class Sending {
  readonly #line: Line;
  readonly #spare: Uint8Array[] = [];

  constructor(line: Line) {
    this.#line = line;
  }

  /** Room for a picture's pixels, if there is any. */
  room(): Uint8Array | undefined {
    return this.#spare.pop()?.subarray(LIVE_HEADER_BYTES);
  }

  send(picture: LivePicture): void {
    const { rgba } = picture;
    // An earlier message's buffer has the picture where the message has it.
    const spare = rgba.byteOffset === LIVE_HEADER_BYTES ? new Uint8Array(rgba.buffer) : undefined;
    const message = encodeLivePicture(picture, spare);
    this.#line.send(message, () => this.#spare.push(message));
  }
}
