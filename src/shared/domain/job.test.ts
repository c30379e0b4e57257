import { expect, test } from 'vitest';
import type { TrainerEvent } from '../contract/index.ts';
import type { JobProgress, JobState } from '../contract/job.ts';
import { advance, after } from './job.ts';

const at = { v: 1, time: 0 } as const;
const ENDS = [0.1, 0.8, 1];
const stage = (index: number): TrainerEvent => ({
  ...at,
  type: 'stage',
  name: ['scan', 'fit', 'save'][index]!,
  index,
  count: 3,
  ends: ENDS,
});
const progress = (name: string, done: number, total: number): TrainerEvent => ({
  ...at,
  type: 'progress',
  stage: name,
  done,
  total,
  unit: 'frames',
  rate: null,
  etaSeconds: 12,
});

test('a job has one figure for its whole way, which never falls back', () => {
  let now: JobProgress | null = null;
  const shares: number[] = [];
  for (const event of [
    stage(0),
    progress('scan', 50, 100),
    progress('scan', 100, 100),
    stage(0), // it looks once more, for another person
    progress('scan', 20, 100),
    stage(1),
    progress('fit', 0, 0),
    progress('fit', 1, 2),
    stage(2),
    progress('save', 1, 1),
  ]) {
    now = advance(now, event);
    shares.push(Number(now!.share.toFixed(3)));
  }
  expect(shares).toEqual([0, 0.05, 0.1, 0.1, 0.1, 0.1, 0.1, 0.45, 0.8, 1]);
  expect(now).toMatchObject({ stage: 'save', ends: ENDS, done: 1, total: 1, etaSeconds: 12 });
});

test('nor does that of work inside the program', () => {
  const running = (stageIndex: number, done: number): JobState => ({
    kind: 'running',
    progress: { share: 0, stageIndex, ends: [0.05, 1], stage: 'x', done, total: 10, unit: '', etaSeconds: null },
  });
  let state: JobState = { kind: 'running', progress: null };
  const shares = [running(0, 10), running(1, 5), running(0, 0)].map((next) => {
    state = after(state, { type: 'state', state: next });
    return state.kind === 'running' ? Number(state.progress!.share.toFixed(3)) : null;
  });
  expect(shares).toEqual([0.05, 0.525, 0.525]);
  expect(after(state, { type: 'state', state: { kind: 'cancelled', checkpoint: null, progress: null } }).kind).toBe(
    'cancelled',
  );
});
