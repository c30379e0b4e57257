import { z } from 'zod';
import { identityOf } from '../jobs/index.ts';
import { setUpTrainer } from '../set-up/index.ts';
import { defineKind } from './kind.ts';

/** Makes the trainer's environment, or brings it up to date. What is asked of the trainer meanwhile waits for it. */
export const setUp = defineKind({
  request: z.object({}),
  result: z.object({ folder: z.string() }),
  lane: 'trainer',
  needs: [],
  work: ({ job, signal, report, setWorker, place }) =>
    setUpTrainer(place.installation, {
      logDir: place.library.paths.job(job.id),
      signal,
      onStart: (pid) => {
        const worker = identityOf(pid);
        if (worker) setWorker(worker);
      },
      onProgress: (progress) => report({ type: 'state', state: { kind: 'running', progress } }),
    }),
});
