import { randomUUID } from 'node:crypto';
import { type Device, Preset, type SpeechEncoder, StudioError } from '../../../shared/contract/index.ts';
import type { Connection } from './database.ts';

export interface RunRequest {
  /** One begun by an earlier version may have a preset that there is no more: `presetOf`. */
  readonly preset: string;
  readonly minutes?: number;
  readonly device: Device;
  readonly seed: number;
  /** What hears the person's speech; `embedded` where it isn't said. */
  readonly speech?: SpeechEncoder;
  /** Minutes of each time it went on after its end. */
  readonly further?: readonly number[];
}

/** One training of a project, over as many jobs as it takes to finish it. */
export interface Run {
  readonly id: string;
  readonly projectId: string;
  /** From 1; the name of its folder. */
  readonly number: number;
  readonly request: RunRequest;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** Raises StudioError('bad-request') for a run of a preset that this version does not have. */
export function presetOf({ request: { preset } }: Pick<Run, 'request'>): Preset {
  const known = Preset.safeParse(preset);
  if (known.success) return known.data;
  throw new StudioError({
    code: 'bad-request',
    message: `This training was begun with the preset "${preset}", which this version of Likeness does not have.`,
    hint: 'Train again from the beginning.',
  });
}

export class Runs {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  start(projectId: string, request: RunRequest): Run {
    const insert = this.#db.transaction(() => {
      const number = this.#db
        .prepare('SELECT coalesce(max(number), 0) + 1 FROM runs WHERE project_id = ?')
        .pluck()
        .get(projectId) as number;
      const run: Run = {
        id: randomUUID(),
        projectId,
        number,
        request,
        createdAt: new Date().toISOString(),
        finishedAt: null,
      };
      this.#db
        .prepare('INSERT INTO runs (id, project_id, number, request, created_at) VALUES (?, ?, ?, ?, ?)')
        .run(run.id, projectId, number, JSON.stringify(request), run.createdAt);
      return run;
    });
    return insert.immediate();
  }

  /** One that a project's folder tells of; what the database knows already stays as it is. */
  add({ id, projectId, number, request, createdAt, finishedAt }: Run): void {
    this.#db
      .prepare(
        `INSERT INTO runs (id, project_id, number, request, created_at, finished_at) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT DO NOTHING`,
      )
      .run(id, projectId, number, JSON.stringify(request), createdAt, finishedAt);
  }

  get(id: string): Run | undefined {
    return toRun(this.#db.prepare('SELECT * FROM runs WHERE id = ?').get(id));
  }

  /** Newest first. */
  list(projectId: string): Run[] {
    return this.#db
      .prepare('SELECT * FROM runs WHERE project_id = ? ORDER BY number DESC')
      .all(projectId)
      .map((row) => toRun(row)!);
  }

  /** A longer training of the same run: "keep training". */
  change(id: string, request: RunRequest): void {
    this.#db.prepare('UPDATE runs SET request = ?, finished_at = NULL WHERE id = ?').run(JSON.stringify(request), id);
  }

  finish(id: string): void {
    this.#db.prepare('UPDATE runs SET finished_at = ? WHERE id = ?').run(new Date().toISOString(), id);
  }
}

function toRun(row: unknown): Run | undefined {
  if (!row) return undefined;
  const { id, project_id, number, request, created_at, finished_at } = row as {
    id: string;
    project_id: string;
    number: number;
    request: string;
    created_at: string;
    finished_at: string | null;
  };
  return {
    id,
    projectId: project_id,
    number,
    request: JSON.parse(request) as RunRequest,
    createdAt: created_at,
    finishedAt: finished_at,
  };
}
