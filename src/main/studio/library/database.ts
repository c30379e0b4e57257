import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { StudioError } from '../../../shared/contract/index.ts';

export type Connection = Database.Database;

/** Another process may hold the write lock for a moment (an import, a migration). */
const BUSY_TIMEOUT_MS = 10_000;
const BUSY_RETRY_MS = 25;

/**
 * Opens the database and brings it to the newest version; before each step a copy is kept in `backups`.
 * Raises StudioError for a damaged file, or one of a newer Likeness.
 */
export function openDatabase(path: string, migrations: readonly string[], backups: string): Connection {
  mkdirSync(dirname(path), { recursive: true });
  // SQLite's own timeout does not cover the switch to the write-ahead log, which two processes may make at once.
  for (const deadline = Date.now() + BUSY_TIMEOUT_MS; ;) {
    try {
      return open(path, migrations, backups);
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline)
        throw error instanceof StudioError ? error : asStudioError(error, backups);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_RETRY_MS);
    }
  }
}

function open(path: string, migrations: readonly string[], backups: string): Connection {
  let db: Connection | undefined;
  try {
    db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    checkIntegrity(db, backups);
    migrate(db, migrations, backups);
    return db;
  } catch (error) {
    db?.close();
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return ((error as { code?: string }).code ?? '').startsWith('SQLITE_BUSY');
}

function checkIntegrity(db: Connection, backups: string): void {
  const verdict = db.pragma('integrity_check(1)', { simple: true });
  if (verdict !== 'ok') throw damaged(backups, String(verdict));
}

function migrate(db: Connection, migrations: readonly string[], backups: string): void {
  for (;;) {
    const version = versionOf(db);
    if (version > migrations.length) throw newerLibrary(version, migrations.length);
    if (version === migrations.length) return;
    const backup = version > 0 ? backUp(db, version, backups) : null;
    const step = db.transaction(() => {
      // Another process may have been faster.
      if (versionOf(db) !== version) {
        if (backup) rmSync(backup);
        return;
      }
      db.exec(migrations[version]!);
      db.pragma(`user_version = ${version + 1}`);
    });
    step.immediate();
  }
}

function versionOf(db: Connection): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** A whole copy as SQLite sees it, the write-ahead log included. */
function backUp(db: Connection, version: number, backups: string): string {
  mkdirSync(backups, { recursive: true });
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const path = join(backups, `library-version-${version}-${stamp}-${process.pid}.db`);
  db.prepare('VACUUM INTO ?').run(path);
  return path;
}

function newerLibrary(version: number, known: number): StudioError {
  return new StudioError({
    code: 'bad-request',
    message: 'This library was made by a newer version of Likeness.',
    hint: 'Update Likeness, or choose another library folder.',
    detail: `library version ${version}, this program knows ${known}`,
  });
}

function damaged(backups: string, detail: string): StudioError {
  const hint = existsSync(backups)
    ? `Put the newest copy from ${backups} in its place, or choose another library folder.`
    : 'Choose another library folder; the projects folder of this one is untouched.';
  return new StudioError({ code: 'internal', message: "The library's database is damaged.", hint, detail });
}

function asStudioError(error: unknown, backups: string): StudioError {
  const code = (error as { code?: string }).code ?? '';
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return new StudioError({
      code: 'disk-full',
      message: 'The disk is full.',
      hint: 'Free some space and start again.',
      detail,
    });
  if (isBusy(error))
    return new StudioError({
      code: 'busy',
      message: 'Another program holds the library.',
      hint: 'Close it, or wait a moment and try again.',
      detail,
    });
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return damaged(backups, detail);
  return new StudioError({
    code: 'internal',
    message: 'The library cannot be opened.',
    hint: 'Check that the folder can be written to.',
    detail,
  });
}
