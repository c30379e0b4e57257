import type { JobProgress } from '../../../shared/contract/job.ts';
import type { JobEvent } from '../../../shared/domain/job.ts';

const PROGRESS_MS = 200;

/** What work inside this process tells of itself; `stage` of how many it is in is 0 of 1 by default. */
export function running(
  progress: Pick<JobProgress, 'stage' | 'done' | 'total' | 'unit'> & Partial<JobProgress>,
): JobEvent {
  return {
    type: 'state',
    state: { kind: 'running', progress: { stageIndex: 0, stageCount: 1, etaSeconds: null, ...progress } },
  };
}

/** Lets through what comes first, last, and in between a few times a second. */
export function throttled(report: (done: number, total: number) => void): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    if (done < total && Date.now() - last < PROGRESS_MS) return;
    last = Date.now();
    report(done, total);
  };
}
