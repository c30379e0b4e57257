/** Arrays that the kernels can reach. */
export type Reached = Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array;

const PAGE = 65536;
const MOST_PAGES = 16384; // 1 GiB of addresses; what is not used takes no memory
const ALIGNED = 16;
/** Behind every array, for kernels that go in steps. */
const SPARE = 64;
/** Before all arrays: how far the memory is given out, for all threads that have it. */
const HEAD = 64;

interface Stretch {
  readonly at: number;
  readonly bytes: number;
}

/** Shared memory is the kind whose views stay good when it grows, and that several threads may have. */
export function newMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
}

/**
 * Arrays in a memory in which kernels compute. It grows, and what nobody on this thread holds any more is used again
 * here.
 */
export class Space {
  readonly memory: WebAssembly.Memory;
  readonly #end: Int32Array; // [1] bytes after the head
  readonly #left = new FinalizationRegistry<Stretch>((stretch) => this.#giveBack(stretch));
  #free: Stretch[] = []; // ascending, none touching the next

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.#end = new Int32Array(memory.buffer, 0, 1);
  }

  floats(count: number): Float32Array {
    return this.#kept(new Float32Array(...this.#place(count, 4)));
  }

  ints(values: ArrayLike<number>): Int32Array {
    const array = this.#kept(new Int32Array(...this.#place(values.length, 4)));
    array.set(values);
    return array;
  }

  shorts(count: number): Int16Array {
    return this.#kept(new Int16Array(...this.#place(count, 2)));
  }

  signedBytes(count: number): Int8Array {
    return this.#kept(new Int8Array(...this.#place(count, 1)));
  }

  bytes(count: number): Uint8Array {
    return this.#kept(new Uint8Array(...this.#place(count, 1)));
  }

  /** Then an array's address is its `byteOffset`. No other memory is shared with a thread's kernels. */
  holds({ buffer }: Reached): boolean {
    return buffer instanceof SharedArrayBuffer;
  }

  /** Zeros. Of a part of an array alone (`subarray`) this does not know that it is still held. */
  #place(count: number, size: number): [SharedArrayBuffer, number, number] {
    const bytes = taken(count * size);
    const used = this.#found(bytes);
    const at = used ?? this.#appended(bytes);
    const buffer = this.memory.buffer as unknown as SharedArrayBuffer;
    if (used !== undefined) new Uint8Array(buffer, at, bytes).fill(0);
    return [buffer, at, count];
  }

  #kept<View extends Reached>(view: View): View {
    this.#left.register(view, { at: view.byteOffset, bytes: taken(view.byteLength) });
    return view;
  }

  #found(bytes: number): number | undefined {
    const index = this.#free.findIndex((stretch) => stretch.bytes >= bytes);
    if (index < 0) return undefined;
    const { at, bytes: whole } = this.#free[index]!;
    this.#free.splice(index, 1, ...(whole > bytes ? [{ at: at + bytes, bytes: whole - bytes }] : []));
    return at;
  }

  #appended(bytes: number): number {
    const at = HEAD + Atomics.add(this.#end, 0, bytes);
    // What another thread added may not be seen yet: a page too many is an address only.
    const missing = Math.ceil((at + bytes - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.memory.grow(missing);
    return at;
  }

  #giveBack(stretch: Stretch): void {
    const merged: { at: number; bytes: number }[] = [];
    for (const { at, bytes } of [...this.#free, stretch].toSorted((a, b) => a.at - b.at)) {
      const before = merged.at(-1);
      if (before && before.at + before.bytes === at) before.bytes += bytes;
      else merged.push({ at, bytes });
    }
    this.#free = merged;
  }
}

const taken = (bytes: number): number => Math.ceil(bytes / ALIGNED) * ALIGNED + SPARE;
