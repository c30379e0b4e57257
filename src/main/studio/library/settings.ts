import { z } from 'zod';
import { StudioError } from '../../../shared/contract/index.ts';
import { Settings } from '../../../shared/contract/system.ts';
import type { Connection } from './database.ts';

export type { Settings };

export class SettingsStore {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Unset ones have their defaults; one that an older version wrote and that no longer fits counts as unset. */
  get(): Settings {
    const rows = this.#db.prepare('SELECT key, value FROM settings').all() as { key: string; value: string }[];
    const stored = Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
    const whole = Settings.safeParse(stored);
    if (whole.success) return whole.data;
    const misfits = new Set(whole.error.issues.map((issue) => issue.path[0]));
    return Settings.parse(Object.fromEntries(Object.entries(stored).filter(([key]) => !misfits.has(key))));
  }

  /** Raises StudioError('bad-request') for a value that does not fit. */
  set(change: Partial<Settings>): Settings {
    const next = Settings.strict().safeParse({ ...this.get(), ...change });
    if (!next.success)
      throw new StudioError({
        code: 'bad-request',
        message: 'This setting cannot have that value.',
        hint: z.prettifyError(next.error),
      });
    const write = this.#db.transaction(() => {
      const upsert = this.#db.prepare(
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      );
      for (const [key, value] of Object.entries(next.data)) upsert.run(key, JSON.stringify(value));
    });
    write.immediate();
    return next.data;
  }
}
