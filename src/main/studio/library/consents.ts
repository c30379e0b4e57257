import { randomUUID } from 'node:crypto';
import type { Connection } from './database.ts';

/** A file that shows the consent. Of one that stayed where an avatar was made, only the hash is known. */
export interface Attachment {
  readonly name: string | null;
  readonly bytes: number | null;
  readonly sha256: string;
}

/** What became of a consent after it was recorded. */
export interface ConsentChange {
  readonly id: string;
  readonly kind: 'attached' | 'withdrawn' | 'given';
  readonly at: string; // ISO 8601
  readonly recordedBy: string;
  readonly note: string;
  /** Of `attached`. */
  readonly attachment: Attachment | null;
}

export interface Consent {
  readonly id: string;
  readonly basis: 'self' | 'permission' | 'synthetic';
  /** What the person who imported the video wrote about it. */
  readonly note: string;
  /** The name under which they use this computer; empty where it came with an avatar. */
  readonly recordedBy: string;
  readonly recordedAt: string;
  /** Oldest first. */
  readonly changes: readonly ConsentChange[];
}

/** When it was withdrawn; null while it holds. */
export function withdrawnAt({ changes }: Pick<Consent, 'changes'>): string | null {
  const last = changes.findLast(({ kind }) => kind !== 'attached');
  return last?.kind === 'withdrawn' ? last.at : null;
}

/** The file that was attached last. */
export function attachmentOf({ changes }: Pick<Consent, 'changes'>): Attachment | null {
  return changes.findLast(({ kind }) => kind === 'attached')?.attachment ?? null;
}

/** As it travels with an avatar and its films: never the attached file itself. */
export function travellingRecord(consent: Consent): {
  basis: Consent['basis'];
  id: string;
  recordedAt: string;
  note?: string;
  attachmentSha256?: string;
} {
  const { basis, id, recordedAt, note } = consent;
  const attachment = attachmentOf(consent);
  return {
    basis,
    id,
    recordedAt,
    ...(note === '' ? {} : { note }),
    ...(attachment ? { attachmentSha256: attachment.sha256 } : {}),
  };
}

type ChangeRow = Omit<ConsentChange, 'attachment'> & { readonly attachment: string | null };

/**
 * Who said, when and on which basis, that a video may be used, and what became of that: only ever added to, and there
 * while anything rests on it.
 */
export class Consents {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  record(given: Pick<Consent, 'basis' | 'note' | 'recordedBy'>): Consent {
    const consent = { id: randomUUID(), recordedAt: new Date().toISOString(), changes: [], ...given };
    this.add(consent);
    return consent;
  }

  /** One that came from elsewhere; of one that is known, what became of it since. */
  add({ id, basis, note, recordedBy, recordedAt, changes }: Consent): void {
    this.#db
      .prepare(
        `INSERT INTO consents (id, basis, note, recorded_by, recorded_at) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (id) DO NOTHING`,
      )
      .run(id, basis, note, recordedBy, recordedAt);
    for (const change of changes) this.#add(id, change);
  }

  change(id: string, what: Pick<ConsentChange, 'kind' | 'recordedBy' | 'note' | 'attachment'>): void {
    this.#add(id, { id: randomUUID(), at: new Date().toISOString(), ...what });
  }

  #add(consentId: string, { id, kind, at, recordedBy, note, attachment }: ConsentChange): void {
    this.#db
      .prepare(
        `INSERT INTO consent_changes (id, consent_id, kind, at, recorded_by, note, attachment)
          VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      )
      .run(id, consentId, kind, at, recordedBy, note, attachment && JSON.stringify(attachment));
  }

  get(id: string): Consent {
    return this.find(id)!;
  }

  find(id: string): Consent | undefined {
    const consent = this.#db
      .prepare(
        'SELECT id, basis, note, recorded_by AS recordedBy, recorded_at AS recordedAt FROM consents WHERE id = ?',
      )
      .get(id) as Omit<Consent, 'changes'> | undefined;
    if (!consent) return undefined;
    const rows = this.#db
      .prepare(
        `SELECT id, kind, at, recorded_by AS recordedBy, note, attachment FROM consent_changes
          WHERE consent_id = ? ORDER BY at, rowid`,
      )
      .all(id) as ChangeRow[];
    const changes = rows.map(({ attachment, ...change }) => ({
      ...change,
      attachment: attachment === null ? null : (JSON.parse(attachment) as Attachment),
    }));
    return { ...consent, changes };
  }
}
