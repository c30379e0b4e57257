import { randomUUID } from 'node:crypto';
import { AnyJobKind, type JobKind, JobState } from '../../../shared/contract/job.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { BUSY_TIMEOUT_MS, type Connection } from './database.ts';

/** A job with what only the queue needs to know. */
export interface JobRecord extends Job {
  /** As its kind's schema wrote it; undefined when it cannot be read. */
  readonly request: unknown;
  readonly owner: string | null;
  readonly worker: string | null;
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly lane: string;
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
  readonly lane: string;
  readonly projectId: string | null;
  readonly runId: string | null;
  readonly request: unknown;
}

/** How a job ended. */
interface End {
  readonly state: string;
  readonly finishedAt: string;
  readonly owner: string | null;
}

export class JobRecords {
  readonly #db: Connection;
  /** Ends that the database did not take: told as if it had, and written as soon as it does. */
  readonly #kept = new Map<string, End>();

  constructor(db: Connection) {
    this.#db = db;
  }

  add(job: NewJob, owner: string): JobRecord {
    this.#writeKept();
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
    return row && this.#record(row);
  }

  /** Newest first. */
  list(): JobRecord[] {
    return (this.#db.prepare('SELECT * FROM jobs ORDER BY created_at DESC, rowid DESC').all() as Row[]).map((row) =>
      this.#record(row),
    );
  }

  /** Those that a living process should be working on or waiting for. */
  unfinished(): JobRecord[] {
    return (
      this.#db.prepare(`SELECT * FROM jobs WHERE state_kind IN ('queued', 'running') ORDER BY position`).all() as Row[]
    )
      .filter(({ id }) => !this.#kept.has(id))
      .map(toRecord);
  }

  ofRun(runId: string): JobRecord[] {
    return (this.#db.prepare('SELECT * FROM jobs WHERE run_id = ? ORDER BY created_at, rowid').all(runId) as Row[]).map(
      (row) => this.#record(row),
    );
  }

  /** Puts a finished job at the end of the queue again. False when it is queued or running already. */
  requeue(id: string, owner: string): boolean {
    this.#writeKept();
    const { changes } = this.#db
      .prepare(
        `UPDATE jobs SET state = '{"kind":"queued"}', owner = ?, worker = NULL, cancel_requested = 0,
            finished_at = NULL, position = (SELECT max(position) + 1 FROM jobs)
          WHERE id = ? AND state_kind NOT IN ('queued', 'running')`,
      )
      .run(owner, id);
    return changes === 1;
  }

  /**
   * Takes the job's turn, in one transaction with every other process: true when it runs now. `capacity` jobs of its
   * lane run at once, in the order of the queue.
   */
  claim(id: string, capacity: number): boolean {
    this.#writeKept(); // a job that only seems to run takes no room
    const { changes } = this.#db
      .prepare(
        `UPDATE jobs SET state = '{"kind":"running","progress":null}', started_at = ?
          WHERE id = ? AND state_kind = 'queued' AND ? >
            (SELECT count(*) FROM jobs AS other WHERE other.lane = jobs.lane AND other.id <> jobs.id
              AND (other.state_kind = 'running' OR (other.state_kind = 'queued' AND other.position < jobs.position)))`,
      )
      .run(new Date().toISOString(), id, capacity);
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
          `SELECT id, position FROM jobs WHERE lane = ? AND state_kind = 'queued' AND position ${beyond} ?
            ORDER BY position ${order} LIMIT 1`,
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

  /**
   * `owner`: only if the job still belongs to that process. Where the database does not take it (a full disk, a lock
   * held too long) it is kept in memory and written later.
   */
  finish(id: string, state: JobState, owner: string | null): boolean {
    const end = { state: JSON.stringify(state), finishedAt: new Date().toISOString(), owner };
    try {
      return this.#write(id, end);
    } catch {
      this.#kept.set(id, end);
      return true;
    }
  }

  /** Tries to write what was kept, without waiting for a lock. Raises nothing. */
  tryKept(): void {
    if (this.#kept.size === 0) return;
    this.#db.pragma('busy_timeout = 0');
    try {
      this.#writeKept();
    } catch {
      // It stays kept.
    } finally {
      this.#db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  }

  #writeKept(): void {
    for (const [id, end] of this.#kept) {
      this.#write(id, end);
      this.#kept.delete(id);
    }
  }

  #write(id: string, { state, finishedAt, owner }: End): boolean {
    const { changes } = this.#db
      .prepare(
        `UPDATE jobs SET state = ?, worker = NULL, finished_at = ?
          WHERE id = ? AND owner IS ? AND state_kind IN ('queued', 'running')`,
      )
      .run(state, finishedAt, id, owner);
    return changes === 1;
  }

  #record(row: Row): JobRecord {
    const end = this.#kept.get(row.id);
    return toRecord(end ? { ...row, state: end.state, worker: null, finished_at: end.finishedAt } : row);
  }

  requestCancel(id: string): void {
    this.#db.prepare('UPDATE jobs SET cancel_requested = 1 WHERE id = ?').run(id);
  }

  cancelRequested(id: string): boolean {
    return this.#db.prepare('SELECT cancel_requested FROM jobs WHERE id = ?').pluck().get(id) === 1;
  }
}

/** A row of another version is shown as what it is, and never stops the library from opening. */
function toRecord(row: Row): JobRecord {
  return {
    id: row.id,
    kind: AnyJobKind.safeParse(row.kind).data ?? 'unknown',
    lane: row.lane,
    projectId: row.project_id,
    runId: row.run_id,
    request: parsed(row.request),
    state: JobState.safeParse(parsed(row.state)).data ?? NOT_UNDERSTOOD,
    owner: row.owner,
    worker: row.worker,
    position: row.position,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

const NOT_UNDERSTOOD: JobState = {
  kind: 'failed',
  error: {
    code: 'bad-request',
    message: 'This version of Likeness cannot read what became of this job.',
    hint: 'Open the library with the version that ran it.',
  },
  progress: null,
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
