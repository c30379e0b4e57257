import { StudioError } from '../../../shared/contract/index.ts';
import type { Connection } from './database.ts';

/** A manner of a project that was saved under a name; the `takes` room knows what is in the document. */
export interface SavedManner {
  readonly name: string;
  readonly document: unknown;
}

export class Manners {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** By name. */
  list(projectId: string): SavedManner[] {
    return (
      this.#db.prepare('SELECT name, document FROM manners WHERE project_id = ? ORDER BY name').all(projectId) as {
        name: string;
        document: string;
      }[]
    ).map(({ name, document }) => ({ name, document: JSON.parse(document) as unknown }));
  }

  /** In place of one of that name. */
  save(projectId: string, { name, document }: SavedManner): void {
    this.#db
      .prepare(
        `INSERT INTO manners (project_id, name, document) VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET document = excluded.document`,
      )
      .run(projectId, name, JSON.stringify(document));
  }

  /** Raises StudioError('not-found'). */
  remove(projectId: string, name: string): void {
    const { changes } = this.#db.prepare('DELETE FROM manners WHERE project_id = ? AND name = ?').run(projectId, name);
    if (changes === 0)
      throw new StudioError({
        code: 'not-found',
        message: `There is no manner "${name}".`,
        hint: 'Look at the list of manners.',
      });
  }
}
