import { LANDMARKS } from '../../../../shared/face/index.ts';
import { Listeners } from '../../../ground/store.ts';

const ROW_BYTES = LANDMARKS * 3 * 4;
/** Frames fetched in one piece, 1.5 MB; and how many pieces are kept. */
const BLOCK = 256;
const KEPT = 16;

/** The measured landmarks of a track, fetched in blocks of frames when they are asked for. */
export class LandmarkRows {
  readonly #frames: number;
  /** Bytes `begin` to `end` of the tensor. */
  readonly #read: (begin: number, end: number) => Promise<Uint8Array>;
  readonly #blocks = new Map<number, Float32Array | 'coming' | 'failed'>(); // oldest use first
  readonly #arrivals = new Listeners();

  constructor(frames: number, read: (begin: number, end: number) => Promise<Uint8Array>) {
    this.#frames = frames;
    this.#read = read;
  }

  /** [478,3] of one frame: x, y in source pixels, z on the same scale. Undefined until it has arrived. */
  at(frame: number): Float32Array | undefined {
    const index = Math.floor(frame / BLOCK);
    const block = this.#blocks.get(index);
    if (block === undefined) void this.#fetch(index);
    if (!(block instanceof Float32Array)) return undefined;
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    const row = (frame - index * BLOCK) * LANDMARKS * 3;
    return block.subarray(row, row + LANDMARKS * 3);
  }

  /** Calls back when more of them have arrived. */
  readonly onArrival = this.#arrivals.subscribe;

  async #fetch(index: number): Promise<void> {
    this.#blocks.set(index, 'coming');
    try {
      const bytes = await this.#read(
        index * BLOCK * ROW_BYTES,
        Math.min(this.#frames, (index + 1) * BLOCK) * ROW_BYTES,
      );
      this.#blocks.set(index, new Float32Array(bytes.slice().buffer));
    } catch {
      this.#blocks.set(index, 'failed'); // the fetched part of the track says what is wrong; nothing to draw here
    }
    for (const [old] of this.#blocks) {
      if (this.#blocks.size <= KEPT) break;
      if (old !== index) this.#blocks.delete(old);
    }
    this.#arrivals.tell();
  }
}
