import { randomUUID } from 'node:crypto';
import type { Job, JobKind, JobState } from '../../../shared/domain/job.ts';
import type { Connection } from './database.ts';

/**
 * Jobs of one lane run one after the other: two trainers would share the same cores, memory and GPU. The avatar of a
 * checkpoint, some seconds of one core, is made beside its training.
 */
export type Lane = 'trainer' | 'engine' | 'checkpoint';

/** A job with what only the queue needs to know. */
export interface JobRecord extends Job {
  readonly lane: Lane;
  readonly request: unknown;
  readonly owner: string | null;
  readonly worker: string | null;
}

interface Row {
  readonly id: string;
  readonly kind: JobKind;
  readonly lane: Lane;
  readonly project_id: string | null;
  readonly run_id: string | null;
  readonly request: string;
  readonly state: string;
  readonly owner: string | null;
  readonly worker: string | null;
  readonly position: number;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

export interface NewJob {
  readonly kind: JobKind;
  readonly lane: Lane;
  readonly projectId: string | null;
  readonly runId: string | null;
  readonly request: unknown;
}

export class JobRecords {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  add(job: NewJob, owner: string): JobRecord {
    const id = randomUUID();
    this.#db
      .prepare(
        `INSERT INTO jobs (id, kind, lane, project_id, run_id, request, state, position, owner, created_at)
                VALUES (?, ?, ?, ?, ?, ?, '{"kind":"queued"}', (SELECT coalesce(max(position), 0) + 1 FROM jobs), ?, ?)`,
      )
      .run(
        id,
        job.kind,
        job.lane,
        job.projectId,
        job.runId,
        JSON.stringify(job.request),
        owner,
        new Date().toISOString(),
      );
    return this.get(id)!;
  }

  get(id: string): JobRecord | undefined {
    const row = this.#db.prepare('SELECT * FROM jobs WHERE id = ?').get(id) as Row | undefined;
    return row && toRecord(row);
  }

  /** Newest first. */
  list(): JobRecord[] {
    return (this.#db.prepare('SELECT * FROM jobs ORDER BY created_at DESC, rowid DESC').all() as Row[]).map(toRecord);
  }

  /** Those that a living process should be working on or waiting for. */
  unfinished(): JobRecord[] {
    return (
      this.#db.prepare(`SELECT * FROM jobs WHERE state_kind IN ('queued', 'running') ORDER BY position`).all() as Row[]
    ).map(toRecord);
  }

  ofRun(runId: string): JobRecord[] {
    return (this.#db.prepare('SELECT * FROM jobs WHERE run_id = ? ORDER BY created_at, rowid').all(runId) as Row[]).map(
      toRecord,
    );
  }

  /** Puts a finished job at the end of the queue again. False when it is queued or running already. */
  requeue(id: string, owner: string): boolean {
    const { changes } = this.#db
      .prepare(
        `UPDATE jobs SET state = '{"kind":"queued"}', owner = ?, worker = NULL, cancel_requested = 0, finished_at = NULL,
                position = (SELECT max(position) + 1 FROM jobs) WHERE id = ? AND state_kind NOT IN ('queued', 'running')`,
      )
      .run(owner, id);
    return changes === 1;
  }

  /** Takes the job's turn, in one transaction with every other process: true when it runs now. */
  claim(id: string): boolean {
    const { changes } = this.#db
      .prepare(
        `UPDATE jobs SET state = '{"kind":"running","progress":null}', started_at = ? WHERE id = ? AND state_kind = 'queued'
                AND NOT EXISTS (SELECT 1 FROM jobs AS other WHERE other.lane = jobs.lane AND other.id <> jobs.id
                  AND (other.state_kind = 'running' OR (other.state_kind = 'queued' AND other.position < jobs.position)))`,
      )
      .run(new Date().toISOString(), id);
    return changes === 1;
  }

  /**
   * A waiting job changes places with the one before it (-1) or after it (1) in its lane. False when it does not wait;
   * at an end of the queue it stays.
   */
  move(id: string, by: -1 | 1): boolean {
    const swap = this.#db.transaction(() => {
      const job = this.get(id);
      if (job?.state.kind !== 'queued') return false;
      const [beyond, order] = by < 0 ? ['<', 'DESC'] : ['>', 'ASC'];
      const other = this.#db
        .prepare(
          `SELECT id, position FROM jobs WHERE lane = ? AND state_kind = 'queued' AND position ${beyond} ? ORDER BY position ${order} LIMIT 1`,
        )
        .get(job.lane, job.position) as { id: string; position: number } | undefined;
      if (!other) return true;
      const place = this.#db.prepare('UPDATE jobs SET position = ? WHERE id = ?');
      place.run(other.position, id);
      place.run(job.position, other.id);
      return true;
    });
    return swap.immediate();
  }

  setWorker(id: string, worker: string | null): void {
    this.#db.prepare('UPDATE jobs SET worker = ? WHERE id = ?').run(worker, id);
  }

  setProgress(id: string, state: JobState & { kind: 'running' }): void {
    this.#db
      .prepare(`UPDATE jobs SET state = ? WHERE id = ? AND state_kind = 'running'`)
      .run(JSON.stringify(state), id);
  }

  /** `owner`: only if the job still belongs to that process. */
  finish(id: string, state: JobState, owner: string | null): boolean {
    const { changes } = this.#db
      .prepare(
        `UPDATE jobs SET state = ?, worker = NULL, finished_at = ? WHERE id = ? AND owner IS ? AND state_kind IN ('queued', 'running')`,
      )
      .run(JSON.stringify(state), new Date().toISOString(), id, owner);
    return changes === 1;
  }

  requestCancel(id: string): void {
    this.#db.prepare('UPDATE jobs SET cancel_requested = 1 WHERE id = ?').run(id);
  }

  cancelRequested(id: string): boolean {
    return this.#db.prepare('SELECT cancel_requested FROM jobs WHERE id = ?').pluck().get(id) === 1;
  }
}

function toRecord(row: Row): JobRecord {
  return {
    id: row.id,
    kind: row.kind,
    lane: row.lane,
    projectId: row.project_id,
    runId: row.run_id,
    request: JSON.parse(row.request) as unknown,
    state: JSON.parse(row.state) as JobState,
    owner: row.owner,
    worker: row.worker,
    position: row.position,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
