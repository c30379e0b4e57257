import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readJobLog } from './job-log.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rm(dir, { recursive: true }));

it('is told in words, without progress and without a line that a crash cut short', async () => {
  const at = { v: 1, time: 0 };
  const events = [
    { ...at, type: 'stage', name: 'volume', index: 1, count: 6, ends: [] },
    { ...at, type: 'progress', stage: 'volume', done: 1, total: 2, unit: 'steps', rate: null, etaSeconds: null },
    { ...at, type: 'metric', step: 10, split: 'test', name: 'psnr_face', value: 21.25 },
  ];
  await writeFile(join(dir, 'events.ndjson'), `${events.map((event) => JSON.stringify(event)).join('\n')}\n{"v":1,"ty`);
  expect(await readJobLog(dir)).toEqual({
    events: '00:00:00  stage 2 of 6: volume\n00:00:00  step 10  test psnr_face 21.25',
    output: '',
  });
});

it('is told whatever the clock was', async () => {
  const said = (time: number) => JSON.stringify({ v: 1, time, type: 'checkpoint', step: 1 });
  await writeFile(join(dir, 'events.ndjson'), [said(1e300), said(-1e300), said(1e12 + 1), said(-1)].join('\n'));
  const { events } = await readJobLog(dir);
  expect(events.split('\n').map((line) => line.slice(0, 8))).toEqual(['--:--:--', '--:--:--', '01:46:41', '23:59:59']);
});

it('shows the end of a long one, in whole lines', async () => {
  await writeFile(join(dir, 'trainer.log'), Array.from({ length: 40_000 }, (_, line) => `line ${line}`).join('\n'));
  const { output } = await readJobLog(dir);
  expect(output.split('\n')).toHaveLength(400);
  expect(output.split('\n').at(-1)).toBe('line 39999');
});

it('is empty for a job that keeps none', async () => {
  expect(await readJobLog(join(dir, 'nothing'))).toEqual({ events: '', output: '' });
});
