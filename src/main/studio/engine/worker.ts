/** The engine's own thread: networks and rasteriser never hold up the window or the media streams. */
import { workerData } from 'node:worker_threads';
import { Film } from './dub/index.ts';
import { Engine } from './engine.ts';
import { kernelMemory } from './kernels/index.ts';
import type { EngineSetup, Lent, Request, Served } from './protocol.ts';
import { serving } from './serving.ts';

const { path, threads, graph, networks, hubert, film } = workerData as EngineSetup;

// Not awaited at the top of the file: a built worker is CommonJS.
void serving(async () => {
  const engine = await Engine.open(path, { threads, graph, networks, hubert, film: new Film(film) });
  const { description, form } = engine;
  return {
    opened: { description, lends: form !== undefined },
    serve: (request, signal) => serve(engine, request, signal),
  };
});

async function serve(engine: Engine, request: Request, signal: AbortSignal): Promise<Served> {
  switch (request.operation) {
    case 'speak': {
      const { waveform, fps, frames, ...hearing } = request.argument;
      const spoken = await engine.speak(waveform, fps, frames, { ...hearing, signal });
      return [spoken, [spoken.expression.buffer as ArrayBuffer, spoken.pitch.buffer as ArrayBuffer]];
    }
    case 'listen':
      await engine.listen(request.argument.ear);
      return [null, []];
    case 'hear': {
      const rows = await engine.hear(request.argument.ear, request.argument.samples);
      return [rows, [rows.buffer as ArrayBuffer]];
    }
    case 'hush':
      await engine.hush(request.argument.ear);
      return [null, []];
    case 'lend':
      request.argument.postMessage({ form: engine.form!, memory: kernelMemory() } satisfies Lent);
      return [null, []];
    case 'close':
      await engine.close();
      return [null, []];
    default:
      return engine.pictures.serve(request);
  }
}
