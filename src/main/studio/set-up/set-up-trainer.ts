import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { oneAtATime, provideEnvironment, SetupProblem } from '../../../../setup/index.mjs';
import { StudioError } from '../../../shared/contract/index.ts';
import type { JobProgress } from '../../../shared/contract/job.ts';
import { makeFolder } from '../ground/make-folder.ts';
import type { Installation } from '../system/environment.ts';
import { setUpProgress } from './progress.ts';

const PROGRESS_MS = 200;

export interface SetUp {
  /** Folder of `trainer.log`, where what Python and pip say is kept. */
  readonly logDir: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
  /** Each program that is run, so that none outlives a crash. */
  readonly onStart: (pid: number) => void;
}

/**
 * Makes the trainer's environment, or brings it up to date; what an interrupted one left is used.
 * Raises StudioError('missing-tool' | 'disk-full' | 'cancelled').
 */
export async function setUpTrainer(
  { trainer, venv }: Installation,
  { logDir, signal, onProgress, onStart }: SetUp,
): Promise<{ folder: string }> {
  makeFolder(logDir);
  const log = createWriteStream(join(logDir, 'trainer.log'), { flags: 'a' });
  const closed = Promise.allSettled([finished(log)]); // a full disk says so through pip
  const progress = setUpProgress();
  const report = unhurried(onProgress);
  const onOutput = (line: string): void => void log.write(`${line}\n`);
  try {
    // Another program on this computer, with a library of its own, may be at it too.
    const wait = { signal, onWait: () => onOutput('Another set-up of this folder is running; waiting for it.') };
    await oneAtATime(
      `${venv}.lock`,
      () =>
        provideEnvironment({
          trainer,
          venv,
          signal,
          onOutput,
          onStart,
          onEvent: (event) => {
            if (event.kind !== 'pip' || event.event.kind !== 'bytes') onOutput(JSON.stringify(event));
            const now = progress(event);
            if (now) report(now);
          },
        }),
      wait,
    );
    return { folder: venv };
  } catch (error) {
    throw asStudioError(error, signal, existsSync(venv));
  } finally {
    log.end();
    await closed;
  }
}

/** pip tells of every quarter of a megabyte; a person reads a few notes a second. */
function unhurried(report: (progress: JobProgress) => void): (progress: JobProgress) => void {
  let last = { at: 0, stage: '', name: '' };
  return (progress) => {
    const now = { at: performance.now(), stage: progress.stage, name: progress.note?.split(',')[0] ?? '' };
    if (now.stage === last.stage && now.name === last.name && now.at - last.at < PROGRESS_MS) return;
    last = now;
    report(progress);
  };
}

function asStudioError(error: unknown, signal: AbortSignal, begun: boolean): unknown {
  if (signal.aborted)
    return new StudioError({
      code: 'cancelled',
      message: 'The set-up was stopped.',
      hint: begun ? 'Resume it when you like: it goes on with what is there.' : 'Start it again when you like.',
    });
  if (!(error instanceof SetupProblem)) return error;
  const { problem, remedy, detail } = error;
  const code = /free some space/.test(remedy) ? 'disk-full' : 'missing-tool';
  return new StudioError({
    code,
    message: `${problem}.`,
    hint: `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}, then try again.`,
    ...(detail ? { detail } : {}),
  });
}
