/** The process of a trial: a thread of its own opens the avatar, while this one watches the memory. */
import '../ground/no-telemetry.ts';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Trial, Verdict } from './trial.ts';

const LOOK_MS = 20;
const MOST_HEAP_MB = 2048;

process.once('message', (trial) => begin(trial as Trial));
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL')); // who asked is gone

function begin({ path, mostBytes }: Trial): void {
  const worker = new Worker(new URL(`./trial-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData: path,
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
  });
  const answer = (verdict: Verdict): void => void process.send!(verdict);
  const look = setInterval(() => {
    const bytes = process.memoryUsage.rss();
    if (bytes <= mostBytes) return;
    clearInterval(look);
    process.send!({ kind: 'too-large', bytes } satisfies Verdict, () => process.kill(process.pid, 'SIGKILL'));
  }, LOOK_MS);
  worker.on('message', answer);
  worker.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') answer({ kind: 'too-large', bytes: process.memoryUsage.rss() });
    else process.exit(1);
  });
}
