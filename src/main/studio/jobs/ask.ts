import { StudioError, TrainerEvent, type TrainerJob } from '../../../shared/contract/index.ts';
import { splitLines } from './lines.ts';
import { endTree, signalTree } from './process-tree.ts';
import { trainerFailure } from './trainer-failure.ts';
import { eventOf, exitOf, startTrainer, type TrainerCommand } from './trainer-process.ts';

/** A trainer that waits for something short to be asked, with what it needs loaded. */
export interface Asked {
  /**
   * Asks, once; answers the summary of its `done` event. Raises StudioError: the trainer's own, 'missing-tool' where it
   * cannot run, 'cancelled' after the signal.
   */
  answer(job: TrainerJob, signal?: AbortSignal): Promise<Record<string, unknown>>;
  /** Ends it, asked or not; settles when its process is gone. */
  close(): Promise<void>;
}

const LAST_WORDS = 2000;

/** Starts a trainer for one short question that is no job of the library's: nothing of it is kept. */
export function askTrainer(command: TrainerCommand, name: TrainerJob['command']): Asked {
  const child = startTrainer({ ...command, args: [...command.args, name] }, 1);
  const { pid } = child;
  let summary: Record<string, unknown> | undefined;
  let failure: StudioError | undefined;
  let lastWords = '';
  const lines = splitLines((line) => {
    const event = eventOf(TrainerEvent, line);
    if (event?.type === 'done') summary = event.summary;
    if (event?.type === 'error') failure = new StudioError(event);
  });
  child.stdout.on('data', lines.write);
  child.stderr.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString('utf8')).slice(-LAST_WORDS)));
  const gone = exitOf(child).then(async (exit) => {
    if (pid !== undefined) await endTree(pid);
    lines.end();
    return exit;
  });
  const end = (): void => {
    if (pid !== undefined) signalTree(pid, 'SIGKILL'); // it writes beside files alone, under passing names
  };
  return {
    async answer(job, signal) {
      if (signal?.aborted) end();
      signal?.addEventListener('abort', end, { once: true });
      try {
        child.stdin.write(`${JSON.stringify(job)}\n`);
        const exit = await gone;
        if (exit.kind === 'exited' && exit.code === 0 && summary) return summary;
        if (signal?.aborted)
          throw new StudioError({
            code: 'cancelled',
            message: 'It was stopped.',
            hint: 'Start it again when you like.',
          });
        throw failure ?? trainerFailure(exit, lastWords);
      } finally {
        signal?.removeEventListener('abort', end);
      }
    },
    async close() {
      end();
      await gone;
    },
  };
}
