import type { TrainerEvent } from '../contract/index.ts';
import type { AnyJobKind, JobProgress, JobState, JobView } from '../contract/job.ts';

export interface Job {
  readonly id: string;
  readonly kind: AnyJobKind;
  readonly projectId: string | null;
  readonly runId: string | null;
  readonly state: JobState;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Waiting jobs of one lane begin in this order. */
  readonly position: number;
}

export type JobEvent =
  { readonly type: 'state'; readonly state: JobState } | { readonly type: 'trainer'; readonly event: TrainerEvent };

/** The progress after an event; the same object when the event says nothing about it. */
export function advance(progress: JobProgress | null, event: TrainerEvent): JobProgress | null {
  switch (event.type) {
    case 'stage':
      return {
        stage: event.name,
        stageIndex: event.index,
        stageCount: event.count,
        done: 0,
        total: 0,
        unit: '',
        etaSeconds: null,
      };
    case 'progress':
      return {
        stage: event.stage,
        stageIndex: progress?.stageIndex ?? 0,
        stageCount: progress?.stageCount ?? 1,
        done: event.done,
        total: event.total,
        unit: event.unit,
        etaSeconds: event.etaSeconds,
      };
    default:
      return progress;
  }
}

/** Work that can be taken up again; everything but training begins anew. */
export function isResumable({ kind, state }: Pick<Job, 'kind' | 'state'>): boolean {
  if (kind === 'unknown') return false;
  switch (state.kind) {
    case 'interrupted':
    case 'failed':
    case 'cancelled':
      return true;
    case 'queued':
    case 'running':
    case 'done':
      return false;
  }
}

/** A job as the window shows it. */
export function jobView({ id, kind, projectId, state, createdAt, startedAt, finishedAt, position }: Job): JobView {
  const { stage, done, total, unit, etaSeconds, note = null } = (state.kind === 'running' && state.progress) || {};
  return {
    id,
    kind,
    projectId,
    status: state.kind,
    progress:
      stage === undefined ? null : { stage, done: done!, total: total!, unit: unit!, etaSeconds: etaSeconds!, note },
    error: state.kind === 'failed' ? state.error : null,
    resumable: isResumable({ kind, state }),
    createdAt,
    startedAt,
    finishedAt,
    position,
  };
}
