import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alive, likenessOn, type Started, workerOf } from './likeness.ts';
import { oneStory } from './one-story.ts';
import { trainedSample } from './trained-sample.ts';

let library = '';
let project = '';
const start = (...args: string[]): Started => likenessOn(library).start(...args);
const likeness = (...args: string[]) => start(...args).answer;

beforeAll(async () => {
  ({ library, project } = await trainedSample());
});
afterAll(() => rmSync(library, { recursive: true, force: true, maxRetries: 5 }));

describe('a training that is stopped', () => {
  oneStory();

  const steps = () => {
    const runs = join(library, 'projects', project, 'runs');
    const newest = readdirSync(runs)
      .map(Number)
      .toSorted((a, b) => b - a)[0]!;
    const log = join(runs, String(newest), 'log.ndjson');
    return existsSync(log)
      ? readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .filter(Boolean)
          .map((line) => (JSON.parse(line) as { step: number }).step)
      : [];
  };
  /** The last training step that the log tells of. */
  const stepIn = (log: string) => Number([...log.matchAll(/\((\d+) of \d+ steps/g)].at(-1)?.[1] ?? 0);
  const training = (log: string) => stepIn(log) > 0;
  let jobId = '';
  let stoppedAt = 0;

  const job = async () => (await likeness('jobs', 'list')).json.jobs.find(({ id }: { id: string }) => id === jobId);
  const settled = async (group: number) => {
    for (let tenths = 0; tenths < 100 && alive(group) > 0; tenths++) await sleep(100);
    return alive(group);
  };

  test('by another process keeps its checkpoint and leaves no process', async () => {
    const started = start('train', 'Sample', '--preset', 'draft', '--seed', '2');
    await started.until((log) => stepIn(log) > 10);
    const worker = workerOf(library);
    jobId = (await likeness('jobs', 'list')).json.jobs[0].id;
    const cancelled = await likeness('jobs', 'cancel', jobId);
    expect(cancelled.json.job).toMatchObject({ status: 'cancelled', resumable: true });
    expect(await started.answer).toMatchObject({ code: 3, json: { error: { code: 'cancelled' } } });
    expect(await settled(worker)).toBe(0);
    stoppedAt = steps().at(-1) ?? 0;
  });

  test('by killing the trainer is interrupted, and resumes from its checkpoint', async () => {
    const resumed = start('jobs', 'resume', jobId);
    await resumed.until(training);
    await sleep(2000);
    const worker = workerOf(library);
    process.kill(worker, 'SIGKILL');
    const { code, json } = await resumed.answer;
    expect([code, json.error.code]).toEqual([3, 'interrupted']);
    expect(await settled(worker)).toBe(0);
    expect(await job()).toMatchObject({ status: 'interrupted', resumable: true });
  });

  test('by killing the command line leaves no trainer and a whole library', async () => {
    const resumed = start('jobs', 'resume', jobId);
    await resumed.until(training);
    const worker = workerOf(library);
    resumed.child.kill('SIGKILL');
    await resumed.answer;
    expect(await settled(worker)).toBe(0);
    expect(await job()).toMatchObject({ status: 'interrupted', resumable: true });
  });

  test('by Ctrl-C goes on again with one unbroken loss curve', async () => {
    const resumed = start('jobs', 'resume', jobId);
    await resumed.until((log) => stepIn(log) > stoppedAt + 20);
    const worker = workerOf(library);
    resumed.child.kill('SIGINT');
    const { code, json } = await resumed.answer;
    expect([code, json.error.code]).toEqual([3, 'cancelled']);
    expect(await settled(worker)).toBe(0);
    const logged = steps();
    expect(logged.at(-1)).toBeGreaterThan(stoppedAt);
    // every logged step once, none left out; a stage's last one is logged too
    expect(logged).toEqual([...new Set(logged)].toSorted((a, b) => a - b));
    const tens = Array.from({ length: Math.floor(logged.at(-1)! / 10) }, (_, k) => 10 * (k + 1));
    expect(logged.filter((step) => step % 10 === 0)).toEqual(tens);
  });
});
