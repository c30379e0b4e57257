import { expect, it } from 'vitest';
import type { JobView } from '../../../../shared/contract/job.ts';
import { picturesState } from './pictures-state.ts';

const job = (status: JobView['status']): JobView => ({ status }) as JobView;

it.each([
  [true, undefined, 'wanted'],
  [true, job('done'), 'wanted'],
  [true, job('queued'), 'coming'],
  [true, job('running'), 'coming'],
  [true, job('failed'), 'failed'],
  [true, job('cancelled'), 'failed'],
  [false, undefined, 'no-video'],
  [false, job('failed'), 'no-video'],
])('with a video: %s, and the job %o, pictures are %s', (hasVideo, made, kind) => {
  expect(picturesState(hasVideo, made).kind).toBe(kind);
});
