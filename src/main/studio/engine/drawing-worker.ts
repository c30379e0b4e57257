/** A thread that draws beside the engine's own, from what that one opened. It knows no networks. */
import { workerData } from 'node:worker_threads';
import { Drawing } from './draw/index.ts';
import { Film } from './dub/index.ts';
import { Pictures } from './pictures.ts';
import type { DrawingSetup } from './protocol.ts';
import { serving } from './serving.ts';

const { form, film } = workerData as DrawingSetup;

void serving(async () => {
  const pictures = new Pictures(Drawing.of(form), form.rig, new Film(film));
  return {
    opened: null,
    serve: async (request) => {
      switch (request.operation) {
        case 'speak':
          throw new Error('Nothing is heard on this thread.');
        case 'close':
          await pictures.close();
          return [null, []];
        default:
          return pictures.serve(request);
      }
    },
  };
});
