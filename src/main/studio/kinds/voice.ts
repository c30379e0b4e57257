import { z } from 'zod';
import { VoiceName } from '../../../shared/domain/script/index.ts';
import { identityOf } from '../jobs/index.ts';
import { fetchVoice } from '../voices/index.ts';
import { defineKind } from './kind.ts';
import { running, throttled } from './progress.ts';

/** Fetches a voice; `agreed`: to its terms, by whoever asked. */
export const voice = defineKind({
  request: z.object({ voice: VoiceName, agreed: z.literal(true) }),
  result: z.object({ voice: VoiceName }),
  lane: 'voice',
  needs: [],
  work: async ({ job, request, place, signal, report, setWorker }) => {
    const { library, installation } = place;
    const folder = library.paths.fetching(job.id);
    const onProgress = throttled((done, total) =>
      report(running({ stage: 'download', done: done / 1e6, total: total / 1e6, unit: 'MB' })),
    );
    const onStart = (pid: number): void => {
      const worker = identityOf(pid);
      if (worker) setWorker(worker);
    };
    const here = { installation, libraryDir: library.paths.root };
    return library.unfinished.during([folder], () =>
      fetchVoice(here, request.voice, { folder, signal, onProgress, onStart }),
    );
  },
});
