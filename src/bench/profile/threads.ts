/** What this process's threads do, by looking at them four thousand times a second. */
import { type Profiler, Session } from 'node:inspector/promises';

const INTERVAL_US = 250;

/** A thread's time by function. */
export interface ThreadTimes {
  /** `main`, or the worker's name. */
  readonly thread: string;
  /** Milliseconds in each function itself, the longest first. */
  readonly parts: readonly { readonly where: string; readonly ms: number }[];
}

interface Stopped {
  readonly profile: Profiler.Profile;
}

/** Looks at the main thread and at every worker, those too that start later. */
export class ThreadLooks {
  readonly #session = new Session();
  readonly #workers = new Map<string, string>(); // session -> name
  readonly #answers = new Map<number, (result: unknown) => void>();
  #asked = 0;

  private constructor() {
    this.#session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
      const name = /^\[worker \d+\] (.+)$/.exec(workerInfo.title)?.[1] ?? 'worker';
      void this.#start(sessionId).then(() => this.#workers.set(sessionId, name));
    });
    this.#session.on('NodeWorker.detachedFromWorker', ({ params: { sessionId } }) => {
      this.#workers.delete(sessionId);
    });
    this.#session.on('NodeWorker.receivedMessageFromWorker', ({ params: { message } }) => {
      const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
      if (id !== undefined) this.#answers.get(id)?.(result);
    });
  }

  static async begin(): Promise<ThreadLooks> {
    const looks = new ThreadLooks();
    looks.#session.connect();
    await looks.#session.post('Profiler.enable');
    await looks.#session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await looks.#session.post('Profiler.start');
    await looks.#session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
    return looks;
  }

  /** Those that are looked at by now. */
  get threads(): readonly string[] {
    return ['main', ...this.#workers.values()];
  }

  async end(): Promise<ThreadTimes[]> {
    const workers = [...this.#workers].map(async ([sessionId, thread]) =>
      timesOf(thread, ((await this.#ask(sessionId, 'Profiler.stop')) as Stopped).profile),
    );
    const times = [
      timesOf('main', (await this.#session.post('Profiler.stop')).profile),
      ...(await Promise.all(workers)),
    ];
    await this.#session.post('NodeWorker.disable');
    this.#session.disconnect();
    return times;
  }

  async #start(sessionId: string): Promise<void> {
    await this.#ask(sessionId, 'Profiler.enable');
    await this.#ask(sessionId, 'Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await this.#ask(sessionId, 'Profiler.start');
  }

  #ask(sessionId: string, method: string, params: object = {}): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const id = ++this.#asked;
    this.#answers.set(id, resolve);
    const message = JSON.stringify({ id, method, params });
    void this.#session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
    return promise;
  }
}

/** Time goes to the function that was seen. Exported for tests. */
export function timesOf(thread: string, { nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ThreadTimes {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [i, node] of samples.entries()) {
    const where = names.get(node)!;
    times.set(where, (times.get(where) ?? 0) + timeDeltas[i]! / 1000);
  }
  const parts = [...times].map(([where, ms]) => ({ where, ms })).toSorted((a, b) => b.ms - a.ms);
  return { thread, parts };
}

function nameOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  if (functionName === '(idle)') return 'waiting';
  if (functionName === '(program)') return 'native code';
  if (functionName === '(garbage collector)') return 'collecting garbage';
  if (url.startsWith('wasm:')) return `${functionName.split('/').at(-1)} (kernels)`;
  if (url.startsWith('node:')) return 'Node';
  const packaged = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packaged) return packaged;
  const file = /\/src\/(?:main\/studio\/)?(.+)$/.exec(url)?.[1];
  return file ? `${functionName || 'module'} (${file})` : functionName || 'native code';
}
