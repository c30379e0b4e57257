import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { StudioError } from '../../../shared/contract/index.ts';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { copyName } from './copies.ts';
import { DamagedLibrary } from './damaged.ts';

export type Connection = Database.Database;

/** Another process may hold the write lock for a moment (an import, a migration). */
export const BUSY_TIMEOUT_MS = 10_000;
const BUSY_RETRY_MS = 25;
/** SQLite's own, in bytes, less the ending of the log beside the database. */
const LONGEST_PATH = 500;

/**
 * Opens the database and brings it to the newest version; before each step a copy is kept in `backups`.
 * Raises StudioError for a damaged file, or one of a newer Likeness.
 */
export function openDatabase(path: string, migrations: readonly string[], backups: string): Connection {
  // SQLite's own timeout does not cover the switch to the write-ahead log, which two processes may make at once.
  for (const deadline = performance.now() + BUSY_TIMEOUT_MS; ;) {
    try {
      makeFolder(dirname(path));
      return open(path, migrations, backups);
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw named(error, path);
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
    checkIntegrity(db, path);
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

function checkIntegrity(db: Connection, path: string): void {
  const verdict = db.pragma('integrity_check(1)', { simple: true });
  if (verdict !== 'ok') throw new DamagedLibrary(dirname(path), 'damaged', String(verdict));
}

function migrate(db: Connection, migrations: readonly string[], backups: string): void {
  const found = versionOf(db);
  for (;;) {
    const version = versionOf(db);
    if (version > migrations.length) throw newerLibrary(version, migrations.length);
    if (version === migrations.length) return;
    const backup = found > 0 ? backUp(db, version, backups) : null;
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
  makeFolder(backups);
  const path = join(backups, copyName(`version-${version}-`, backups));
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

/** Of what SQLite or the file system said: damage, a trouble of the computer's, or a bug. */
function named(error: unknown, path: string): StudioError {
  const { code = '', message } = error as { code?: string; message?: string };
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return new DamagedLibrary(dirname(path), 'damaged', message);
  if (code.startsWith('SQLITE_CANTOPEN') && Buffer.byteLength(path) > LONGEST_PATH) return tooLong(path);
  return asStudioError((/^(ENOENT|SQLITE_CANTOPEN)/.test(code) && barrierTo(dirname(path))) || error);
}

function tooLong(path: string): StudioError {
  return new StudioError({
    code: 'bad-request',
    message: "The path of the library's folder is too long.",
    hint: 'Choose a folder with a shorter one.',
    detail: path,
  });
}

/** Why nothing can be written there, where that is so: a folder's making and SQLite only say that they cannot. */
function barrierTo(folder: string): unknown {
  if (!existsSync(folder) && dirname(folder) !== folder) return barrierTo(dirname(folder));
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return error;
  }
}
