/** The engine's own thread: networks and rasteriser never hold up the window or the media streams. */
import { parentPort, workerData } from 'node:worker_threads';
import { StudioError, type StudioErrorShape } from '../../../shared/contract/index.ts';
import { Engine } from './engine.ts';
import type { Reply, Request, WorkerSetup } from './protocol.ts';

const port = parentPort!;
const { path, threads, graph } = workerData as WorkerSetup;

try {
  const engine = await Engine.open(path, { threads, graph });
  reply({ kind: 'opened', description: engine.description });
  // Networks and buffers serve one frame at a time, so requests wait for each other.
  let last: Promise<void> = Promise.resolve();
  port.on('message', (request: Request) => {
    last = last.then(() => serve(engine, request));
  });
} catch (error) {
  reply({ kind: 'refused', error: shapeOf(error) });
}

async function serve(engine: Engine, request: Request): Promise<void> {
  try {
    const [value, transfer] = await perform(engine, request);
    reply({ kind: 'answer', id: request.id, value }, transfer);
  } catch (error) {
    reply({ kind: 'failed', id: request.id, error: shapeOf(error) });
  }
}

async function perform(engine: Engine, request: Request): Promise<[unknown, ArrayBuffer[]]> {
  switch (request.operation) {
    case 'motion': {
      const { waveform, fps, frames } = request.argument;
      const spoken = await engine.motion(waveform, fps, frames);
      return [spoken, [spoken.buffer as ArrayBuffer]];
    }
    case 'renderFrame': {
      const rgba = (await engine.renderFrame(request.argument.control)).slice();
      return [rgba, [rgba.buffer]];
    }
    case 'renderPicture': {
      const { control, height, into } = request.argument;
      const picture = await engine.renderPicture(control, height, into);
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
  return { code: 'internal', message: 'The avatar engine failed.', hint: 'Try again; if it happens again, send a debug report.', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
