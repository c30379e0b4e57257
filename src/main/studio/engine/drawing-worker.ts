/** A thread that draws beside the engine's own, from what that one opened. It knows no networks. */
import { once } from 'node:events';
import { workerData } from 'node:worker_threads';
import { Drawing } from './draw/index.ts';
import { Film } from './dub/index.ts';
import { computeIn } from './kernels/index.ts';
import { Pictures } from './pictures.ts';
import type { DrawingSetup, Lent } from './protocol.ts';
import { serving } from './serving.ts';

const { film, lent } = workerData as DrawingSetup;

void serving(async () => {
  const [{ form, memory }] = (await once(lent, 'message')) as [Lent];
  lent.close();
  computeIn(memory);
  const pictures = new Pictures(Drawing.of(form), form.rig, new Film(film));
  return {
    opened: null,
    serve: async (request) => {
      switch (request.operation) {
        case 'speak':
        case 'listen':
        case 'hear':
        case 'hush':
        case 'lend':
          throw new Error('That is the engine thread to ask.');
        case 'close':
          await pictures.close();
          return [null, []];
        default:
          return pictures.serve(request);
      }
    },
  };
});
