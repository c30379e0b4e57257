import '../ground/no-telemetry.ts';
import { getCompileCacheDir } from 'node:module';
import { dirname, extname } from 'node:path';
import { type Transferable, Worker } from 'node:worker_threads';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Cancellation, DrawingSetup, EngineSetup, Opened, Operation, Operations, Reply } from './protocol.ts';
import { stuck, tooLarge, Watch } from './watch.ts';

/** Of JavaScript's objects; networks and pictures come on top. An avatar of an hour's video takes half. */
const MOST_HEAP_MB = 2048;
/** Of what is soon let go, where nothing is made but pictures: 20 MB less. */
const MOST_YOUNG_MB = 4;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One of an avatar's threads, from outside. */
export class EngineThread {
  /** What the engine's thread says of itself; null of the others. Rejects when it cannot be opened. */
  readonly opened: Promise<Opened | null>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #opening = Promise.withResolvers<Opened | null>();
  readonly #watch: Watch;
  readonly #onEnd: (error: Error, wasOpen: boolean) => void;
  #isOpen = false;
  #ended: Error | undefined;
  #next = 0;

  /** `onEnd`: it fell over, was stopped or refused to open. */
  constructor(
    file: 'worker' | 'drawing-worker',
    setup: EngineSetup | DrawingSetup,
    onEnd: (error: Error, wasOpen: boolean) => void,
  ) {
    this.#onEnd = onEnd;
    // As written or as built, it lies beside this file and ends like it.
    this.#worker = new Worker(new URL(`./${file}${extname(import.meta.url)}`, import.meta.url), {
      workerData: setup,
      transferList: 'lent' in setup ? [setup.lent] : [],
      env: threadEnvironment(),
      name: file === 'worker' ? 'avatar' : 'avatar, drawing',
      resourceLimits: {
        maxOldGenerationSizeMb: MOST_HEAP_MB,
        ...('lent' in setup ? { maxYoungGenerationSizeMb: MOST_YOUNG_MB } : {}),
      },
    });
    this.opened = this.#opening.promise;
    this.opened.catch(() => undefined); // whoever waits for it is told
    this.#watch = new Watch(
      () => !this.#isOpen || this.#waiting.size > 0,
      () => this.stop(stuck()), // not waited for: a thread inside a network ends with that network's run
    );
    this.#worker.on('message', (message: Reply) => this.#hear(message));
    this.#worker.on('error', (cause: NodeJS.ErrnoException) =>
      this.#end(cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge(cause) : stopped(cause)),
    );
    this.#worker.on('exit', () => this.#end(closed()));
  }

  /** How much it is asked for and has not answered. */
  get load(): number {
    return this.#waiting.size;
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#ended;
  }

  get ended(): Error | undefined {
    return this.#ended;
  }

  ask<Name extends Operation>(
    operation: Name,
    argument: Operations[Name][0],
    transfer: Transferable[] = [],
    signal?: AbortSignal,
  ): Promise<Operations[Name][1]> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const id = this.#next++;
    this.#worker.postMessage({ id, operation, argument }, transfer);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const answer = promise as Promise<Operations[Name][1]>;
    if (!signal) return answer;
    const giveUp = (): void => {
      this.#waiting.delete(id);
      this.#worker.postMessage({ operation: 'cancel', id } satisfies Cancellation);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    return answer.finally(() => signal.removeEventListener('abort', giveUp));
  }

  /** Ends it as it is; whoever waits for an answer gets `error`. */
  stop(error: Error): void {
    if (this.#ended) return;
    this.#end(error);
    void this.#worker.terminate();
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(message: Reply): void {
    this.#watch.heard();
    switch (message.kind) {
      case 'beat':
        return;
      case 'opened':
        this.#isOpen = true;
        return this.#opening.resolve(message.opened);
      case 'refused':
        return this.#end(new StudioError(message.error));
      case 'answer':
        this.#waiting.get(message.id)?.resolve(message.value);
        return void this.#waiting.delete(message.id);
      case 'failed':
        this.#waiting.get(message.id)?.reject(new StudioError(message.error));
        return void this.#waiting.delete(message.id);
    }
  }

  #end(error: Error): void {
    this.#watch.stop();
    if (this.#ended) return;
    this.#ended = error;
    this.#opening.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#onEnd(error, this.#isOpen);
  }
}

/** A thread keeps its compiled code where this one does, which it has to be told: a tenth of a second of each. */
function threadEnvironment(): NodeJS.ProcessEnv {
  const kept = getCompileCacheDir(); // one of Node's version, in the one that was asked for
  return kept === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(kept) };
}

function stopped(cause: unknown): StudioError {
  return new StudioError(
    {
      code: 'internal',
      message: 'The avatar engine stopped.',
      hint: 'Open the avatar again.',
      detail: String(cause),
    },
    { cause },
  );
}

function closed(): StudioError {
  return new StudioError({
    code: 'internal',
    message: 'The avatar engine has been closed.',
    hint: 'Open the avatar again.',
  });
}
