import { readFileSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mkdtemp } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { TrainerEvent, TrainerJob } from '../../../shared/contract/index.ts';
import { identityOf } from '../ground/process-identity.ts';
import { runTrainer } from './supervisor.ts';
import { type TrainerCommand } from './trainer-process.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));
const command: TrainerCommand = {
  program: process.execPath,
  args: [resolve('src/main/studio/jobs/fake-trainer.fixture.mjs')],
  cwd: folder,
};

interface Run {
  readonly stop?: AbortController;
  readonly as?: TrainerCommand;
  readonly onEvent?: (event: TrainerEvent) => void;
}
function run(behaviour: string, { stop = new AbortController(), as = command, onEvent = () => undefined }: Run = {}) {
  const job: TrainerJob = {
    v: 1,
    producer: 'Likeness tested',
    command: 'analyze',
    ffmpeg: '-',
    ffprobe: '-',
    source: join(folder, behaviour),
    analysisDir: join(folder, behaviour),
  };
  return runTrainer(as, job, {
    logDir: join(folder, `${behaviour}-log`),
    threads: 2,
    onEvent,
    onStart: () => undefined,
    signal: stop.signal,
  });
}

function pids(behaviour: string): number[] {
  return readFileSync(join(folder, `${behaviour}.starts`), 'utf8')
    .trim()
    .split('\n')
    .map(Number);
}

describe('a trainer', () => {
  it('that works is heard, logged and answered, with its threads kept from spinning', async () => {
    const events: TrainerEvent[] = [];
    expect(await run('works', { onEvent: (event) => events.push(event) })).toEqual({ threads: '2', policy: 'PASSIVE' });
    expect(events.filter((event) => event.type === 'progress')).toHaveLength(50);
    const logged = (await readFile(join(folder, 'works-log', 'events.ndjson'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TrainerEvent);
    expect(logged).toEqual(events);
  });

  it('that writes nonsense between its events is understood all the same', async () => {
    expect(await run('babbles')).toEqual({ ok: true });
    expect(await readFile(join(folder, 'babbles-log', 'trainer.log'), 'utf8')).toContain(
      'not an event: INFO: a library speaks',
    );
  });

  it('that says the same for ever does not fill the disk with it', async () => {
    expect(await run('floods')).toEqual({ ok: true });
    expect(statSync(join(folder, 'floods-log', 'trainer.log')).size).toBeLessThan(17 * 2 ** 20);
    expect(await readFile(join(folder, 'floods-log', 'trainer.log'), 'utf8')).toMatch(/More was said than is kept.\n$/);
  });

  it('that says what nobody can read, out of order, is understood where it can be', async () => {
    const types: string[] = [];
    const summary = await run('confused', { onEvent: ({ type }) => types.push(type) });
    expect(summary).toEqual({ text: '[{"'.repeat(99), nested: [[[{}]]] });
    expect(types).toEqual(['progress', 'done', 'stage']);
  });

  it('that refuses its input passes its own error on', async () => {
    await expect(run('refuses')).rejects.toMatchObject({
      code: 'no-face',
      message: 'No face was found.',
      hint: 'Use a video with a face.',
    });
  });

  it('that crashes, or ends without a result, is a bug, with its last words', async () => {
    await expect(run('crashes')).rejects.toMatchObject({
      code: 'internal',
      detail: expect.stringContaining('ZeroDivisionError'),
    });
    await expect(run('no-summary')).rejects.toMatchObject({ code: 'internal' });
  });

  it('that is not installed is named as such', async () => {
    await expect(run('works', { as: { ...command, program: join(folder, 'no-python') } })).rejects.toMatchObject({
      code: 'missing-tool',
    });
    await expect(
      run('works', {
        as: { program: resolve('trainer/.venv/bin/python'), args: ['-m', 'no_such_trainer'], cwd: folder },
      }),
    ).rejects.toMatchObject({ code: 'missing-tool' });
  });

  it('that something kills is interrupted', async () => {
    await expect(run('hangs', { onEvent: () => process.kill(pids('hangs')[0]!, 'SIGKILL') })).rejects.toMatchObject({
      code: 'interrupted',
    });
    await expect.poll(() => pids('hangs').map(identityOf)).toEqual([null, null]); // its child is gone too
  });

  it('that ends well leaves no child of its behind', async () => {
    await run('leaves-child');
    await expect.poll(() => pids('leaves-child').map(identityOf)).toEqual([null, null]);
  });

  it('stops when asked', async () => {
    const stop = new AbortController();
    await expect(run('asks-nicely', { stop, onEvent: () => stop.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await readFile(join(folder, 'asks-nicely.ends'), 'utf8')).toBe('told'); // it had not to be killed
  });

  it('that neither listens nor obeys is killed with its children: cancel leaves no process', async () => {
    const stop = new AbortController();
    await rm(join(folder, 'hangs.starts'));
    await expect(run('hangs', { stop, onEvent: () => stop.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    expect(pids('hangs')).toHaveLength(2);
    await expect.poll(() => pids('hangs').map(identityOf)).toEqual([null, null]);
  });
});
