/** How a thread of an avatar answers what it is asked. */
import { parentPort } from 'node:worker_threads';
import { StudioError, type StudioErrorShape } from '../../../shared/contract/index.ts';
import type { Cancellation, Opened, Reply, Request, Served } from './protocol.ts';
import { BEAT_MS } from './watch.ts';

/** What a thread can do once it is open. */
export interface Service {
  readonly opened: Opened | null;
  readonly serve: (request: Request, signal: AbortSignal) => Promise<Served>;
}

/** Opens it, says so, and answers from then on. */
export async function serving(open: () => Promise<Service>): Promise<void> {
  // Comes late while a network or a loop of ours keeps the thread: whoever waits then knows.
  setInterval(() => reply({ kind: 'beat' }), BEAT_MS).unref();
  try {
    const { opened, serve } = await open();
    // Graph and buffers serve one frame at a time, so its requests wait for each other. Speech has networks of its
    // own: pictures go on while a long sound is heard, and a voice that is coming in waits for neither.
    const lanes = { pictures: Promise.resolve(), speech: Promise.resolve(), live: Promise.resolve() };
    const cancelled = new Map<number, AbortController>();
    parentPort!.on('message', (request: Request | Cancellation) => {
      if (request.operation === 'cancel') return cancelled.get(request.id)?.abort();
      const lane = laneOf(request);
      const stop = new AbortController();
      cancelled.set(request.id, stop);
      // A network that runs, or is being opened, when the thread ends takes the whole process with it.
      const before = request.operation === 'close' ? Promise.all([lanes.pictures, lanes.live]) : lanes[lane];
      lanes[lane] = before.then(() => answer(serve, request, stop.signal)).finally(() => cancelled.delete(request.id));
    });
    reply({ kind: 'opened', opened });
  } catch (error) {
    reply({ kind: 'refused', error: shapeOf(error) });
  }
}

function laneOf({ operation }: Request): 'pictures' | 'speech' | 'live' {
  if (operation === 'speak') return 'speech';
  return operation === 'listen' || operation === 'hear' || operation === 'hush' ? 'live' : 'pictures';
}

async function answer(serve: Service['serve'], request: Request, signal: AbortSignal): Promise<void> {
  try {
    signal.throwIfAborted();
    const [value, transfer] = await serve(request, signal);
    reply({ kind: 'answer', id: request.id, value }, transfer);
  } catch (error) {
    reply({ kind: 'failed', id: request.id, error: shapeOf(error) });
  }
}

function reply(message: Reply, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}

function shapeOf(error: unknown): StudioErrorShape {
  if (error instanceof StudioError) return error.toJSON();
  return {
    code: 'internal',
    message: 'The avatar engine failed.',
    hint: 'Try again; if it happens again, send a debug report.',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
