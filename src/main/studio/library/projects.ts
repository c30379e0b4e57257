import { SourceInfo, StudioError } from '../../../shared/contract/index.ts';
import type { Connection } from './database.ts';

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  /** File name in the project's folder; null for an avatar that came without its video. */
  readonly sourceFile: string | null;
  readonly sourceSha256: string;
  readonly source: SourceInfo;
  readonly consentId: string;
}

export interface DeletedProject extends Project {
  readonly deletedAt: string;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly source_file: string | null;
  readonly source_sha256: string;
  readonly source: string;
  readonly consent_id: string;
}

export class Projects {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  add({ id, name, createdAt, sourceFile, sourceSha256, source, consentId }: Project): void {
    this.#db
      .prepare(
        `INSERT INTO projects (id, name, created_at, source_file, source_sha256, source, consent_id)
          VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(id, name, createdAt, sourceFile, sourceSha256, JSON.stringify(source), consentId);
  }

  /** Newest first. */
  list(): Project[] {
    return (
      this.#db
        .prepare('SELECT * FROM projects WHERE deleted_at IS NULL ORDER BY created_at DESC, rowid DESC')
        .all() as Row[]
    ).map(toProject);
  }

  /** By id, or by a name that only one project has. Raises StudioError('not-found' | 'ambiguous'). */
  find(idOrName: string): Project {
    const exact = this.#db.prepare('SELECT * FROM projects WHERE id = ? AND deleted_at IS NULL').get(idOrName) as
      Row | undefined;
    if (exact) return toProject(exact);
    const named = this.#db
      .prepare('SELECT * FROM projects WHERE name = ? AND deleted_at IS NULL')
      .all(idOrName) as Row[];
    if (named.length > 1) {
      throw new StudioError({
        code: 'ambiguous',
        message: `${named.length} projects are named "${idOrName}".`,
        hint: `Use an id: ${named.map((row) => row.id).join(', ')}.`,
      });
    }
    if (!named[0])
      throw new StudioError({
        code: 'not-found',
        message: `There is no project "${idOrName}".`,
        hint: 'Import a video first, or check the name.',
      });
    return toProject(named[0]);
  }

  /** Whether the database knows it, be it in the trash. */
  has(id: string): boolean {
    return this.#db.prepare('SELECT 1 FROM projects WHERE id = ?').get(id) !== undefined;
  }

  rename(id: string, name: string): void {
    this.#db.prepare('UPDATE projects SET name = ? WHERE id = ?').run(name, id);
  }

  setSource(id: string, source: SourceInfo): void {
    this.#db.prepare('UPDATE projects SET source = ? WHERE id = ?').run(JSON.stringify(source), id);
  }

  markDeleted(id: string): void {
    this.#db.prepare('UPDATE projects SET deleted_at = ? WHERE id = ?').run(new Date().toISOString(), id);
  }

  unmarkDeleted(id: string): void {
    this.#db.prepare('UPDATE projects SET deleted_at = NULL WHERE id = ?').run(id);
  }

  /** Those that were removed, the last one first. */
  deleted(): DeletedProject[] {
    return (
      this.#db
        .prepare('SELECT * FROM projects WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, rowid DESC')
        .all() as (Row & { readonly deleted_at: string })[]
    ).map((row) => ({ ...toProject(row), deletedAt: row.deleted_at }));
  }

  /** All that the database knows of it goes: takes, jobs, trainings, and consents that nothing else rests on. */
  forget({ id }: Pick<Project, 'id'>): void {
    const rows = this.#db.transaction(() => {
      // Its person's, those of who drives its takes, and of jobs that made none.
      const consents = this.#db
        .prepare(
          `SELECT consent_id FROM projects WHERE id = $id
            UNION SELECT consent_id FROM takes WHERE project_id = $id
            UNION SELECT request ->> '$.consent' FROM jobs WHERE project_id = $id AND kind = 'drive'`,
        )
        .pluck()
        .all({ id });
      for (const table of ['takes', 'manners', 'jobs', 'runs'])
        this.#db.prepare(`DELETE FROM ${table} WHERE project_id = ?`).run(id);
      this.#db.prepare('DELETE FROM projects WHERE id = ?').run(id);
      const forget = this.#db.prepare(
        `DELETE FROM consents WHERE id = ?
          AND NOT EXISTS (SELECT 1 FROM projects WHERE consent_id = consents.id)
          AND NOT EXISTS (SELECT 1 FROM takes WHERE consent_id = consents.id)`,
      );
      for (const consent of consents) forget.run(consent);
    });
    rows.immediate();
  }
}

function toProject(row: Row): Project {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    sourceFile: row.source_file,
    sourceSha256: row.source_sha256,
    source: SourceInfo.parse(JSON.parse(row.source)),
    consentId: row.consent_id,
  };
}
