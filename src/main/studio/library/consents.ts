import { randomUUID } from 'node:crypto';
import type { Connection } from './database.ts';

export interface Consent {
  readonly id: string;
  readonly basis: 'self' | 'permission' | 'synthetic';
  /** What the person who imported the video wrote about it. */
  readonly note: string;
  /** The name under which they use this computer. */
  readonly recordedBy: string;
  readonly recordedAt: string;
}

/** Who said, when and on which basis, that a video may be used: never changed, and there while anything rests on it. */
export class Consents {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  record(given: Pick<Consent, 'basis' | 'note' | 'recordedBy'>): Consent {
    const consent = { id: randomUUID(), recordedAt: new Date().toISOString(), ...given };
    this.add(consent);
    return consent;
  }

  /** One that came with an avatar made elsewhere. */
  add(consent: Consent): void {
    const { id, basis, note, recordedBy, recordedAt } = consent;
    this.#db
      .prepare(
        `INSERT INTO consents (id, basis, note, recorded_by, recorded_at) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (id) DO NOTHING`,
      )
      .run(id, basis, note, recordedBy, recordedAt);
  }

  get(id: string): Consent {
    return this.#db
      .prepare(
        'SELECT id, basis, note, recorded_by AS recordedBy, recorded_at AS recordedAt FROM consents WHERE id = ?',
      )
      .get(id) as Consent;
  }
}
