import { Worker } from 'node:worker_threads';

/** No library takes as long, with all its checks, a migration and a copy, on a busy computer either. */
const MOST_MS = 120_000;

/** What is said when a library does not open, and to which of the two outputs. */
export interface Unanswered {
  readonly text: string;
  readonly to: 'stdout' | 'stderr';
}

/** Runs in a thread of its own, which a step that never comes back does not hold up. */
const THREAD = `
  const { workerData } = require('node:worker_threads');
  setTimeout(() => {
    require('node:fs').writeSync(workerData.to === 'stdout' ? 1 : 2, workerData.text);
    process.kill(process.pid, 'SIGKILL');
  }, workerData.mostMs);
`;

/**
 * Opens a library: one step, in which nothing else of this process runs. A disk that does not answer, as a computer
 * elsewhere that went away, holds it for ever; then the process says so and ends itself. It does so by SIGKILL, since
 * who waits for the system comes to no other end.
 */
export function watchOpening<Value>(open: () => Value, unanswered: Unanswered, mostMs = MOST_MS): Value {
  const watch = new Worker(THREAD, { eval: true, workerData: { ...unanswered, mostMs } });
  watch.unref();
  try {
    return open();
  } finally {
    void watch.terminate();
  }
}
