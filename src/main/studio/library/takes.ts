import type { Connection } from './database.ts';

/** A project's take as it was saved last; the `takes` room knows what is in the document. */
export interface SavedTake {
  readonly document: unknown;
  /** Counts the saves, from 1. */
  readonly revision: number;
}

export class Takes {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Undefined for a project whose take nobody has edited. */
  get(projectId: string): SavedTake | undefined {
    const row = this.#db.prepare('SELECT document, revision FROM takes WHERE project_id = ?').get(projectId) as
      { document: string; revision: number } | undefined;
    return row && { document: JSON.parse(row.document) as unknown, revision: row.revision };
  }

  /**
   * Saves what was made of revision `edited` (0: of the take nobody had edited). Answers the new revision, or undefined
   * when somebody else saved in between.
   */
  save(projectId: string, document: unknown, edited: number): number | undefined {
    const [text, now] = [JSON.stringify(document), new Date().toISOString()];
    const { changes } =
      edited === 0
        ? this.#db
            .prepare(
              `INSERT INTO takes (project_id, document, revision, updated_at) VALUES (?, ?, 1, ?)
                ON CONFLICT DO NOTHING`,
            )
            .run(projectId, text, now)
        : this.#db
            .prepare(
              `UPDATE takes SET document = ?, revision = revision + 1, updated_at = ?
                WHERE project_id = ? AND revision = ?`,
            )
            .run(text, now, projectId, edited);
    return changes === 1 ? edited + 1 : undefined;
  }
}
