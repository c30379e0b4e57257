import type { TrainerEvent } from '../contract/index.ts';
import type { AnyJobKind, JobProgress, JobState, JobView } from '../contract/job.ts';

export interface Job {
  readonly id: string;
  readonly kind: AnyJobKind;
  readonly projectId: string | null;
  /** Where it waits for its turn (`jobs/lanes.ts`); another version may know other lanes. */
  readonly lane: string;
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

/** Where a job is on its whole way, from where it is in one of its stages: 0 to 1. */
export function shareOf({ stageIndex, ends, done, total }: Omit<JobProgress, 'share'>): number {
  const from = ends[stageIndex - 1] ?? 0;
  const within = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  return from + ((ends[stageIndex] ?? 1) - from) * within;
}

/** What comes after `before`: nothing that a job says of itself takes back what it said. */
export function further(before: JobProgress | null, next: Omit<JobProgress, 'share'>): JobProgress {
  return { ...next, share: Math.max(before?.share ?? 0, shareOf(next)) };
}

/** The progress after an event; the same object when the event says nothing about it. */
export function advance(progress: JobProgress | null, event: TrainerEvent): JobProgress | null {
  switch (event.type) {
    case 'stage': {
      const { name: stage, index: stageIndex, ends } = event;
      return further(progress, { stage, stageIndex, ends, done: 0, total: 0, unit: '', etaSeconds: null });
    }
    case 'progress': {
      const { stage, done, total, unit, etaSeconds } = event;
      const { stageIndex = 0, ends = [] } = progress ?? {};
      return further(progress, { stage, stageIndex, ends, done, total, unit, etaSeconds });
    }
    default:
      return progress;
  }
}

/** The state after an event. */
export function after(state: JobState, event: JobEvent): JobState {
  if (state.kind !== 'running') return event.type === 'state' ? event.state : state;
  if (event.type === 'trainer') return { kind: 'running', progress: advance(state.progress, event.event) };
  const { state: next } = event;
  return next.kind === 'running' && next.progress
    ? { kind: 'running', progress: further(state.progress, next.progress) }
    : next;
}

/** How far a job is, or came before it ended. */
export function progressOf(state: JobState): JobProgress | null {
  return state.kind === 'queued' || state.kind === 'done' ? null : state.progress;
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
export function jobView({
  id,
  kind,
  projectId,
  lane,
  state,
  createdAt,
  startedAt,
  finishedAt,
  position,
}: Job): JobView {
  const progress = progressOf(state);
  return {
    id,
    kind,
    projectId,
    lane,
    status: state.kind,
    progress: progress && { ...progress, note: progress.note ?? null },
    error: state.kind === 'failed' ? state.error : null,
    resumable: isResumable({ kind, state }),
    createdAt,
    startedAt,
    finishedAt,
    position,
  };
}
