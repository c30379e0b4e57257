import { expect, test } from 'vitest';
import type { JobView } from '../../shared/contract/job.ts';
import { stillToDo } from './still-to-do.ts';

const progress = {
  share: 0.62,
  ends: [0.1, 0.8, 1],
  stage: 'refine',
  done: 420,
  total: 1600,
  unit: 'steps',
  etaSeconds: 185,
  note: null,
};
const words = (kind: JobView['kind'], now: JobView['progress']) => stillToDo({ kind, progress: now }, 'Detail');

test('a training that was stopped says how many steps and how long are still to come', () => {
  expect(words('train', progress)).toBe('38 % still to do: 1,180 steps of “Detail”, about 3 min in all.');
  expect(words('train', { ...progress, unit: 'frames', etaSeconds: null })).toBe('38 % still to do.');
  expect(words('train', null)).toBe('It then goes on from its last checkpoint.');
});

test('anything else begins again', () => {
  expect(words('analyze', progress)).toBe('It then begins again.');
});
