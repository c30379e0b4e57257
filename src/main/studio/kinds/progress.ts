import type { JobProgress } from '../../../shared/contract/job.ts';
import { type JobEvent, shareOf } from '../../../shared/domain/job.ts';

const PROGRESS_MS = 200;

/** What work inside this process tells of itself; it has one stage by default. */
export function running(
  progress: Pick<JobProgress, 'stage' | 'done' | 'total' | 'unit'> & Partial<JobProgress>,
): JobEvent {
  const whole = { stageIndex: 0, ends: [1], etaSeconds: null, ...progress };
  return { type: 'state', state: { kind: 'running', progress: { ...whole, share: shareOf(whole) } } };
}

/** Lets through what comes first, last, and in between a few times a second. */
export function throttled(report: (done: number, total: number) => void): (done: number, total: number) => void {
  let last = -Infinity;
  return (done, total) => {
    if (done < total && performance.now() - last < PROGRESS_MS) return;
    last = performance.now();
    report(done, total);
  };
}
