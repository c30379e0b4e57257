/** A second process on a library: runs one job with the fake trainer, and says what becomes of it. */
import { resolve } from 'node:path';
import { Library } from '../library/index.ts';
import { JobQueue } from './queue.ts';
import { runTrainer } from './supervisor.ts';

const [dir, behaviour] = process.argv.slice(2) as [string, string];
const library = new Library(dir);
const queue = new JobQueue(library.jobs, {
  checkpointOf: () => null,
  onChange: (_, event) => event.type === 'state' && console.log(event.state.kind),
  work: ({ job, signal, report, setWorker }) =>
    runTrainer(
      { program: process.execPath, args: [resolve('src/main/studio/jobs/fake-trainer.fixture.mjs')], cwd: dir },
      {
        v: 1,
        producer: 'Likeness tested',
        command: 'analyze',
        ffmpeg: '-',
        ffprobe: '-',
        source: `${dir}/${behaviour}`,
        analysisDir: `${dir}/${behaviour}`,
      },
      {
        logDir: library.paths.job(job.id),
        threads: 1,
        signal,
        onStart: setWorker,
        onEvent: (event) => report({ type: 'trainer', event }),
      },
    ),
});
const handle = queue.add({ kind: 'analyze', lane: 'trainer', projectId: null, runId: null, request: {} });
await handle.result.catch(() => undefined);
library.close();
