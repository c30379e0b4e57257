import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { StudioError, TrainerEvent, type TrainerJob } from '../../../shared/contract/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { takeBegun } from './begun.ts';
import { splitLines } from './lines.ts';
import { identityOf, type ProcessIdentity } from '../ground/process-identity.ts';
import { endTree, signalTree } from './process-tree.ts';
import { trainerFailure } from './trainer-failure.ts';
import { eventOf, exitOf, startTrainer, type TrainerCommand } from './trainer-process.ts';

export interface Supervision {
  /** Folder of `events.ndjson` and `trainer.log`; a resumed job goes on in the same files. */
  readonly logDir: string;
  readonly threads: number;
  readonly onEvent: (event: TrainerEvent) => void;
  readonly onStart: (worker: ProcessIdentity) => void;
  /** Stops the job: first by asking. */
  readonly signal: AbortSignal;
}

/** After being asked, the trainer may write a checkpoint; nothing of it is left after 10 s. */
const TERMINATE_AFTER_MS = 5000;
const KILL_AFTER_MS = 7000;
/** What a run may put into its log: of more nobody reads, and what says the same for ever must not fill the disk. */
const MOST_LOG_BYTES = 16 * 2 ** 20;

/**
 * Runs one job in a trainer process of its own, which may have begun already (`begun.ts`), and answers the summary of
 * its `done` event. Raises StudioError: the trainer's own, 'cancelled' after the signal, 'interrupted' when something
 * else ended the process, 'missing-tool' when it cannot start. When this returns, no process of the job is left.
 */
export async function runTrainer(
  command: TrainerCommand,
  job: TrainerJob,
  { logDir, threads, onEvent, onStart, signal }: Supervision,
): Promise<Record<string, unknown>> {
  makeFolder(logDir);
  if (signal.aborted) throw stopped();
  const events = createWriteStream(join(logDir, 'events.ndjson'), { flags: 'a' });
  const log = createWriteStream(join(logDir, 'trainer.log'), { flags: 'a' });
  // a full disk must not end the job through its log
  const closed = Promise.allSettled([finished(events), finished(log)]);
  const child = takeBegun(command, job.command, threads) ?? startTrainer(command, threads);
  const { pid } = child;
  const identity = pid === undefined ? null : identityOf(pid);
  if (identity) onStart(identity);

  let logged = 0;
  const note = (text: string | Buffer): void => {
    if (logged > MOST_LOG_BYTES) return;
    logged += text.length;
    log.write(logged > MOST_LOG_BYTES ? '\nMore was said than is kept.\n' : text);
  };
  let summary: Record<string, unknown> | undefined;
  let failure: StudioError | undefined;
  let lastWords = '';
  const lines = splitLines((line) => {
    const event = eventOf(TrainerEvent, line);
    if (!event) return note(`not an event: ${line.slice(0, 500)}\n`);
    events.write(`${line}\n`);
    if (event.type === 'done') summary = event.summary;
    if (event.type === 'error') failure = new StudioError(event);
    onEvent(event);
  });
  child.stdout.on('data', lines.write);
  child.stderr.on('data', (chunk: Buffer) => {
    note(chunk);
    lastWords = (lastWords + chunk.toString('utf8')).slice(-2000);
  });
  child.stdin.write(`${JSON.stringify(job)}\n`); // stays open: its end means that this process is gone

  const timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    child.stdin.write('{"type":"cancel"}\n');
    if (pid === undefined) return;
    timers.push(
      setTimeout(() => signalTree(pid, 'SIGTERM'), TERMINATE_AFTER_MS),
      setTimeout(() => signalTree(pid, 'SIGKILL'), KILL_AFTER_MS),
    );
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const exit = await exitOf(child);
    if (pid !== undefined) await endTree(pid);
    lines.end();
    if (exit.kind === 'exited' && exit.code === 0 && summary) return summary;
    if (signal.aborted) throw stopped();
    throw failure ?? trainerFailure(exit, lastWords);
  } finally {
    timers.forEach(clearTimeout);
    signal.removeEventListener('abort', stop);
    events.end();
    log.end();
    await closed;
  }
}

function stopped(): StudioError {
  return new StudioError({
    code: 'cancelled',
    message: 'The job was stopped.',
    hint: 'Resume it to go on from its last checkpoint.',
  });
}
