import { randomUUID } from 'node:crypto';
import type { Connection } from './database.ts';

/** A performance of an avatar: what is on its timeline, as a document the `takes` room reads. */
export interface Take {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly document: unknown;
  readonly updatedAt: string;
}

export class Takes {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  create(projectId: string, name: string, document: unknown): Take {
    const take: Take = { id: randomUUID(), projectId, name, document, updatedAt: new Date().toISOString() };
    this.#db.prepare('INSERT INTO takes (id, project_id, name, document, updated_at) VALUES (?, ?, ?, ?, ?)').run(take.id, projectId, name, JSON.stringify(document), take.updatedAt);
    return take;
  }

  save(id: string, document: unknown): void {
    this.#db.prepare('UPDATE takes SET document = ?, updated_at = ? WHERE id = ?').run(JSON.stringify(document), new Date().toISOString(), id);
  }

  /** Last changed first. */
  list(projectId: string): Take[] {
    const rows = this.#db.prepare('SELECT id, project_id AS projectId, name, document, updated_at AS updatedAt FROM takes WHERE project_id = ? ORDER BY updated_at DESC').all(projectId);
    return (rows as (Take & { document: string })[]).map((row) => ({ ...row, document: JSON.parse(row.document) as unknown }));
  }

  remove(id: string): void {
    this.#db.prepare('DELETE FROM takes WHERE id = ?').run(id);
  }
}
