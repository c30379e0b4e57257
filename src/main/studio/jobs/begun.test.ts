import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { TrainerJob } from '../../../shared/contract/index.ts';
import { identityOf, type ProcessIdentity, pidOf } from '../ground/process-identity.ts';
import { begin, takeBegun } from './begun.ts';
import { runTrainer } from './supervisor.ts';
import type { TrainerCommand } from './trainer-process.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));
const command: TrainerCommand = {
  program: process.execPath,
  args: [resolve('src/main/studio/jobs/fake-trainer.fixture.mjs')],
  cwd: folder,
};
const THREADS = 2;

/** A job that the stand-in does; which process did it. */
async function worker(threads = THREADS): Promise<ProcessIdentity> {
  const job: TrainerJob = {
    v: 1,
    producer: 'Likeness tested',
    command: 'analyze',
    ffmpeg: '-',
    ffprobe: '-',
    source: join(folder, 'works'),
    analysisDir: join(folder, 'works'),
  };
  let identity: ProcessIdentity | undefined;
  const done = await runTrainer(command, job, {
    logDir: join(folder, 'log'),
    threads,
    onEvent: () => undefined,
    onStart: (started) => (identity = started),
    signal: new AbortController().signal,
  });
  expect(done).toEqual({ threads: String(threads), policy: 'PASSIVE' });
  return identity!;
}

test('a trainer that has begun does the job it was begun for, once', async () => {
  const begun = begin(command, 'analyze', THREADS);
  const identity = identityOf(begun.pid!);
  expect(await worker()).toBe(identity);
  expect(pidOf(await worker())).not.toBe(begun.pid);
  const starts = readFileSync(join(folder, 'works.starts'), 'utf8').trim().split('\n').map(Number);
  expect(starts[0]).toBe(begun.pid);
});

test('one that was begun for another job is left alone, one with other threads is let go', async () => {
  const begun = begin(command, 'train', THREADS);
  expect(pidOf(await worker())).not.toBe(begun.pid);
  expect(takeBegun(command, 'train', THREADS + 1)).toBeUndefined();
  await new Promise((ended) => begun.once('exit', ended)); // its input has ended
});

test('one that has ended, or never began, is not taken', async () => {
  const begun = begin({ ...command, args: [join(folder, 'nothing.mjs')] }, 'analyze', THREADS);
  await new Promise((ended) => begun.once('exit', ended));
  const absent = begin({ ...command, program: join(folder, 'nothing') }, 'analyze', THREADS);
  await new Promise((failed) => absent.once('error', failed));
  expect(await worker()).toBeDefined();
});
