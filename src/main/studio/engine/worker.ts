/** The engine's own thread: networks and rasteriser never hold up the window or the media streams. */
import { parentPort, workerData } from 'node:worker_threads';
import { StudioError, type StudioErrorShape } from '../../../shared/contract/index.ts';
import { Engine } from './engine.ts';
import type { Cancellation, Operations, Reply, Request, WorkerSetup } from './protocol.ts';
import { BEAT_MS } from './watch.ts';

const port = parentPort!;
const { path, threads, graph } = workerData as WorkerSetup;

// Comes late while a network or a loop of ours keeps the thread: whoever waits then knows.
setInterval(() => reply({ kind: 'beat' }), BEAT_MS).unref();
// Not awaited at the top of the file: a built worker is CommonJS.
void open();

async function open(): Promise<void> {
  try {
    const engine = await Engine.open(path, { threads, graph });
    reply({ kind: 'opened', description: engine.description });
    // Graph and buffers serve one frame at a time, so its requests wait for each other. Speech has networks of its
    // own: pictures go on while a long sound is heard.
    const lanes = { pictures: Promise.resolve(), speech: Promise.resolve() };
    const cancelled = new Map<number, AbortController>();
    port.on('message', (request: Request | Cancellation) => {
      if (request.operation === 'cancel') return cancelled.get(request.id)?.abort();
      const lane = request.operation === 'speak' ? 'speech' : 'pictures';
      const stop = new AbortController();
      cancelled.set(request.id, stop);
      lanes[lane] = lanes[lane]
        .then(() => serve(engine, request, stop.signal))
        .finally(() => cancelled.delete(request.id));
    });
  } catch (error) {
    reply({ kind: 'refused', error: shapeOf(error) });
  }
}

async function serve(engine: Engine, request: Request, signal: AbortSignal): Promise<void> {
  try {
    signal.throwIfAborted();
    const [value, transfer] = await perform(engine, request, signal);
    reply({ kind: 'answer', id: request.id, value }, transfer);
  } catch (error) {
    reply({ kind: 'failed', id: request.id, error: shapeOf(error) });
  }
}

async function perform(
  engine: Engine,
  request: Request,
  signal: AbortSignal,
): Promise<[Operations[Request['operation']][1], ArrayBuffer[]]> {
  switch (request.operation) {
    case 'speak': {
      const { waveform, fps, frames, variation } = request.argument;
      const spoken = await engine.speak(waveform, fps, frames, { variation, signal });
      return [spoken, [spoken.expression.buffer as ArrayBuffer, spoken.pitch.buffer as ArrayBuffer]];
    }
    case 'drawHead': {
      const rgba = (await engine.drawHead(request.argument.control)).slice();
      return [rgba, [rgba.buffer]];
    }
    case 'drawPortrait': {
      const { control, height, into } = request.argument;
      const picture = await engine.drawPortrait(control, height, into);
      return [picture, [picture.pixels.buffer as ArrayBuffer]];
    }
    case 'dub': {
      await engine.dub(request.argument);
      const { picture } = request.argument;
      return [picture, [picture.planes.buffer as ArrayBuffer]];
    }
    case 'measure':
      return [await engine.measure(request.argument.height, request.argument.budgetMs), []];
    case 'close':
      await engine.close();
      return [null, []];
  }
}

function reply(message: Reply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
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
