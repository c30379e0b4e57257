import { randomUUID } from 'node:crypto';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Connection } from './database.ts';

/** One take of a project; the `takes` room knows what is in the document. */
export interface SavedTake {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  /** Null until somebody edits it. */
  readonly document: unknown;
  /** Counts the saves, from 1; 0: nobody has edited it. */
  readonly revision: number;
  /** Counts what was opened in its project: the highest one is open. */
  readonly opened: number;
  readonly createdAt: string;
  readonly deletedAt: string | null;
  /** What was recorded of whoever drives it; null where nobody does. */
  readonly consentId: string | null;
}

interface Row {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly document: string | null;
  readonly revision: number;
  readonly opened: number;
  readonly created_at: string;
  readonly deleted_at: string | null;
  readonly consent_id: string | null;
}

/** What a project's first take is called; it has the project's id. */
export const FIRST_TAKE = 'Take 1';

/** The takes of every project; each project has one at least. */
export class Takes {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** A project that has no take, removed ones counted, gets its first. */
  begin(projectId: string): void {
    this.#db
      .prepare(
        `INSERT INTO takes (id, project_id, name, revision, opened, created_at)
          SELECT $id, $id, $name, 0, 1, $now WHERE NOT EXISTS (SELECT 1 FROM takes WHERE project_id = $id)`,
      )
      .run({ id: projectId, name: FIRST_TAKE, now: new Date().toISOString() });
  }

  /** In the order they were made. */
  list(projectId: string): SavedTake[] {
    return this.all(projectId).filter(({ deletedAt }) => deletedAt === null);
  }

  /** Those that were removed, the last one first. */
  removed(projectId: string): SavedTake[] {
    return this.all(projectId)
      .filter(({ deletedAt }) => deletedAt !== null)
      .toSorted((a, b) => b.deletedAt!.localeCompare(a.deletedAt!));
  }

  /** Removed ones too, in the order they were made. */
  all(projectId: string): SavedTake[] {
    return (
      this.#db.prepare('SELECT * FROM takes WHERE project_id = ? ORDER BY created_at, rowid').all(projectId) as Row[]
    ).map(toTake);
  }

  /**
   * By id, or by a name that only one of the project's has; the open one by default. Raises StudioError('not-found' |
   * 'ambiguous').
   */
  find(projectId: string, idOrName?: string): SavedTake {
    const takes = this.list(projectId);
    if (idOrName === undefined) return takes.reduce((open, take) => (take.opened > open.opened ? take : open));
    const exact = takes.find(({ id }) => id === idOrName);
    if (exact) return exact;
    const named = takes.filter(({ name }) => name === idOrName);
    if (named.length === 1) return named[0]!;
    if (named.length > 1)
      throw new StudioError({
        code: 'ambiguous',
        message: `${named.length} takes are named "${idOrName}".`,
        hint: `Use an id: ${named.map(({ id }) => id).join(', ')}.`,
      });
    throw new StudioError({
      code: 'not-found',
      message: `There is no take "${idOrName}".`,
      hint: `There are: ${takes.map(({ name }) => name).join(', ')}.`,
    });
  }

  /** One of the project's that may be removed, by id. Raises StudioError('not-found'). */
  evenRemoved(projectId: string, id: string): SavedTake {
    return this.all(projectId).find((take) => take.id === id) ?? this.find(projectId, id);
  }

  /** Another one, with what `document` says or nothing yet; it is open from now on. */
  create(projectId: string, name: string, document: unknown = null, consentId: string | null = null): SavedTake {
    const insert = this.#db.transaction(() => {
      const take: SavedTake = {
        id: randomUUID(),
        projectId,
        name,
        document,
        revision: document === null ? 0 : 1,
        opened: this.#nextOpened(projectId),
        createdAt: new Date().toISOString(),
        deletedAt: null,
        consentId,
      };
      this.add(take);
      return take;
    });
    return insert.immediate();
  }

  /** One that a project's folder tells of. One that the database knows takes over a newer document only. */
  add({ id, projectId, name, document, revision, opened, createdAt, deletedAt, consentId }: SavedTake): void {
    this.#db
      .prepare(
        `INSERT INTO takes (id, project_id, name, document, revision, opened, created_at, deleted_at, consent_id)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET document = excluded.document, revision = excluded.revision
          WHERE excluded.revision > revision`,
      )
      .run(id, projectId, name, textOf(document), revision, opened, createdAt, deletedAt, consentId);
  }

  open(take: Pick<SavedTake, 'id' | 'projectId'>): void {
    const update = this.#db.transaction(() =>
      this.#db.prepare('UPDATE takes SET opened = ? WHERE id = ?').run(this.#nextOpened(take.projectId), take.id),
    );
    update.immediate();
  }

  rename({ id }: Pick<SavedTake, 'id'>, name: string): void {
    this.#db.prepare('UPDATE takes SET name = ? WHERE id = ?').run(name, id);
  }

  /** Raises StudioError('bad-request') for the last one. */
  remove({ id, projectId }: Pick<SavedTake, 'id' | 'projectId'>): void {
    const update = this.#db.transaction(() => {
      if (this.list(projectId).every((take) => take.id === id))
        throw new StudioError({
          code: 'bad-request',
          message: 'A project keeps one take at least.',
          hint: 'Make another one first.',
        });
      this.#db.prepare('UPDATE takes SET deleted_at = ? WHERE id = ?').run(new Date().toISOString(), id);
    });
    update.immediate();
  }

  /** Raises StudioError('not-found') for one that was not removed. */
  bringBack(projectId: string, id: string): SavedTake {
    const take = this.removed(projectId).find((one) => one.id === id);
    if (!take)
      throw new StudioError({ code: 'not-found', message: 'This take was not removed.', hint: 'Look at the list.' });
    this.#db.prepare('UPDATE takes SET deleted_at = NULL WHERE id = ?').run(id);
    return { ...take, deletedAt: null };
  }

  /**
   * Saves what was made of revision `edited` (0: of the take nobody had edited). Answers the new revision, or undefined
   * when somebody else saved in between.
   */
  save(id: string, document: unknown, edited: number): number | undefined {
    const { changes } = this.#db
      .prepare('UPDATE takes SET document = ?, revision = revision + 1 WHERE id = ? AND revision = ?')
      .run(textOf(document), id, edited);
    return changes === 1 ? edited + 1 : undefined;
  }

  #nextOpened(projectId: string): number {
    return this.#db
      .prepare('SELECT coalesce(max(opened), 0) + 1 FROM takes WHERE project_id = ?')
      .pluck()
      .get(projectId) as number;
  }
}

const textOf = (document: unknown): string | null => (document === null ? null : JSON.stringify(document));

function toTake({
  id,
  project_id,
  name,
  document,
  revision,
  opened,
  created_at,
  deleted_at,
  consent_id,
}: Row): SavedTake {
  return {
    id,
    projectId: project_id,
    name,
    document: document === null ? null : (JSON.parse(document) as unknown),
    revision,
    opened,
    createdAt: created_at,
    deletedAt: deleted_at,
    consentId: consent_id,
  };
}
