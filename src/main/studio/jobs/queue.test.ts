import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobView } from '../../../shared/domain/job.ts';
import { StudioError } from '../../../shared/contract/index.ts';
import type { JobEvent } from '../../../shared/domain/job.ts';
import { Library } from '../library/index.ts';
import { identityOf } from '../ground/process-identity.ts';
import { JobQueue, type Work } from './queue.ts';

let dir: string;
let library: Library;
const children: ChildProcess[] = [];
const queues: JobQueue[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  library = new Library(dir);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const queue of queues.splice(0)) await queue.close();
  library.close();
  await rm(dir, { recursive: true });
});

const job = { kind: 'analyze', lane: 'trainer', projectId: null, runId: null, request: {} } as const;
function queueOf(work: Work, checkpoint: string | null = null, lanes?: Record<string, number>): JobQueue {
  const queue = new JobQueue(library.jobs, { work, checkpointOf: () => checkpoint, onChange: () => undefined, lanes });
  queues.push(queue);
  return queue;
}
/** Work that lasts until it is told to end, one way or the other. */
function held() {
  const { promise, resolve: finish } = Promise.withResolvers<Record<string, unknown>>();
  const started: string[] = [];
  const work: Work = ({ job: { id }, signal }) => {
    started.push(id);
    const stopped = Promise.withResolvers<never>();
    signal.addEventListener('abort', () =>
      stopped.reject(new StudioError({ code: 'cancelled', message: 'stopped', hint: 'resume' })),
    );
    return Promise.race([promise, stopped.promise]);
  };
  return { work, finish, started };
}
async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 20 }).toBe(true);
}
function otherProcess(behaviour: string): ChildProcess & { said: () => string[] } {
  const child = spawn(process.execPath, [resolve('src/main/studio/jobs/queue-process.fixture.ts'), dir, behaviour], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()));
  children.push(child);
  return Object.assign(child, { said: () => out.split('\n').filter(Boolean) });
}
const startsOf = (behaviour: string): number[] => {
  const file = join(dir, `${behaviour}.starts`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
};

describe('a job', () => {
  it('goes from queued over running to done, and every reader of its events sees that', async () => {
    const queue = queueOf(async ({ report }) => {
      report({
        type: 'trainer',
        event: { v: 1, time: 0, type: 'stage', name: 'track', index: 0, count: 1, ends: [1] },
      });
      return { frames: 5 };
    });
    const handle = queue.add(job);
    expect(await handle.result).toEqual({ frames: 5 });
    const events: JobEvent[] = [];
    for await (const event of handle.events) events.push(event); // a late reader
    expect(events.map((event) => (event.type === 'state' ? event.state.kind : event.event.type))).toEqual([
      'queued',
      'running',
      'stage',
      'done',
    ]);
    expect(library.jobs.get(handle.id)?.state).toEqual({ kind: 'done', result: { frames: 5 } });
  });

  it('is in its newest stage for whoever asks anew, however soon after the one before', async () => {
    const seen: (string | undefined)[] = [];
    const queue = queueOf(async ({ job: { id }, report }) => {
      for (const [index, name] of ['scan', 'fit'].entries()) {
        report({ type: 'trainer', event: { v: 1, time: 0, type: 'stage', name, index, count: 2, ends: [0.5, 1] } });
        const state = library.jobs.get(id)?.state;
        seen.push(state?.kind === 'running' ? state.progress?.stage : undefined);
      }
      return {};
    });
    await queue.add(job).result;
    expect(seen).toEqual(['scan', 'fit']);
  });

  it('waits for the one before it', async () => {
    const { work, finish, started } = held();
    const queue = queueOf(work);
    const [first, second] = [queue.add(job), queue.add(job)];
    await delay(700);
    expect(started).toEqual([first.id]);
    expect(library.jobs.get(second.id)?.state.kind).toBe('queued');
    finish({});
    await second.result;
    expect(started).toEqual([first.id, second.id]);
  });

  it('runs beside another in a lane that has room for two, and a third waits for the first that ends', async () => {
    const gates = new Map<string, () => void>();
    const queue = queueOf(({ job: { id } }) => new Promise((end) => gates.set(id, () => end({}))), null, { wide: 2 });
    const wide = { ...job, lane: 'wide' };
    const [first, second, third] = [queue.add(wide), queue.add(wide), queue.add(wide)];
    await until(() => gates.size === 2);
    await delay(700);
    expect([...gates.keys()]).toEqual([first.id, second.id]);
    expect(library.jobs.get(third.id)?.state.kind).toBe('queued');
    gates.get(second.id)!(); // whichever of the two
    await until(() => gates.has(third.id));
    gates.get(first.id)!();
    gates.get(third.id)!();
    await Promise.all([first, second, third].map(({ result }) => result));
  });

  it('that waits can begin before the one ahead of it or after the one behind; one that runs stays put', async () => {
    const { work, finish, started } = held();
    const queue = queueOf(work);
    const [first, second, third, other] = [
      queue.add(job),
      queue.add(job),
      queue.add(job),
      queue.add({ ...job, lane: 'media' }),
    ];
    await until(() => started.includes(first.id) && started.includes(other.id));
    expect(() => queue.move(first.id, 1)).toThrow(expect.objectContaining({ code: 'bad-request' }));
    queue.move(third.id, -1);
    queue.move(third.id, -1); // nobody waits ahead of it any more
    finish({});
    await Promise.all([second.result, third.result]);
    expect(started.filter((id) => id !== other.id)).toEqual([first.id, third.id, second.id]);
    expect(() => queue.move('nothing', 1)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('that fails keeps its error; one that is cancelled can be resumed', async () => {
    const failing = queueOf(() =>
      Promise.reject(new StudioError({ code: 'no-face', message: 'No face.', hint: 'Another video.' })),
    ).add(job);
    await expect(failing.result).rejects.toMatchObject({ code: 'no-face' });
    expect(library.jobs.get(failing.id)?.state).toEqual({
      kind: 'failed',
      error: { code: 'no-face', message: 'No face.', hint: 'Another video.' },
      progress: null,
    });

    const { work, started } = held();
    const queue = queueOf(work, 'checkpoint.pt');
    const handle = queue.add(job);
    await until(() => started.length === 1);
    expect(() => queue.resume(handle.id)).toThrow('already');
    handle.cancel();
    await expect(handle.result).rejects.toMatchObject({ code: 'cancelled' });
    expect(library.jobs.get(handle.id)?.state).toEqual({
      kind: 'cancelled',
      checkpoint: 'checkpoint.pt',
      progress: null,
    });
    const again = queueOf(async ({ resumed }) => ({ resumed })).resume(handle.id);
    expect(await again.result).toEqual({ resumed: true });
    expect(() => queue.resume(handle.id)).toThrow('done');
  });

  it('that is stopped keeps how far it came, in its record and on a window', async () => {
    const progress = { share: 0, ends: [0.5, 1], stage: 'refine', stageIndex: 1, unit: 'steps', etaSeconds: 90 };
    const { work, started } = held();
    const queue = queueOf((assignment) => {
      assignment.report({ type: 'state', state: { kind: 'running', progress: { ...progress, done: 30, total: 100 } } });
      return work(assignment);
    });
    const handle = queue.add({ ...job, kind: 'train' });
    await until(() => started.length === 1);
    handle.cancel();
    await expect(handle.result).rejects.toMatchObject({ code: 'cancelled' });
    const kept = { share: 0.65, stage: 'refine', done: 30, total: 100, etaSeconds: 90 };
    expect(library.jobs.get(handle.id)?.state).toMatchObject({ kind: 'cancelled', progress: kept });
    expect(jobView(library.jobs.get(handle.id)!)).toMatchObject({ status: 'cancelled', progress: kept });
  });

  it('of a program that is closed is interrupted, not cancelled', async () => {
    const { work, started } = held();
    const queue = queueOf(work, 'checkpoint.pt');
    const handle = queue.add(job);
    await until(() => started.length === 1);
    await queue.close();
    expect(library.jobs.get(handle.id)?.state).toEqual({
      kind: 'interrupted',
      checkpoint: 'checkpoint.pt',
      progress: null,
    });
  });
});

describe('two processes on one library', () => {
  it('a job whose process was killed comes back as interrupted without its trainer, and can be resumed', async () => {
    const other = otherProcess('hangs');
    await until(() => startsOf('hangs').length === 2);
    await until(() => {
      const { worker = null, state } = library.jobs.list()[0] ?? {};
      return worker !== null && state?.kind === 'running' && state.progress !== null; // its first word is written down
    });
    other.kill('SIGKILL');
    await until(() => other.signalCode !== null);
    const id = library.jobs.list()[0]!.id;
    expect(library.jobs.get(id)?.state.kind).toBe('running'); // as the crash left it
    const queue = queueOf(async ({ resumed }) => ({ resumed }));
    expect(library.jobs.get(id)?.state).toMatchObject({
      kind: 'interrupted',
      checkpoint: null,
      progress: { stage: 'train', share: 0 },
    });
    await until(() => startsOf('hangs').every((pid) => identityOf(pid) === null));
    expect(await queue.resume(id).result).toEqual({ resumed: true });
  });

  it("a living process's job is left alone, waited for, and cancelled from outside", async () => {
    const other = otherProcess('asks-nicely');
    await until(() => other.said().includes('running'));
    const queue = queueOf(async () => ({}));
    const theirs = library.jobs.list()[0]!;
    expect(theirs.state.kind).toBe('running');
    const mine = queue.add(job);
    await delay(600);
    expect(library.jobs.get(mine.id)?.state.kind).toBe('queued');
    queue.cancel(theirs.id);
    await until(() => other.exitCode !== null);
    expect(other.said().at(-1)).toBe('cancelled');
    expect(await mine.result).toEqual({});
  });

  it('a trainer whose parent is killed ends by itself', async () => {
    const other = otherProcess('asks-nicely');
    await until(() => other.said().includes('running') && startsOf('asks-nicely').length === 1);
    other.kill('SIGKILL');
    await until(() => startsOf('asks-nicely').every((pid) => identityOf(pid) === null));
    expect(startsOf('asks-nicely')).toHaveLength(1);
  });
});
