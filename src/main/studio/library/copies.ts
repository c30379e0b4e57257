import { createHash } from 'node:crypto';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeFolder } from '../ground/make-folder.ts';
import { readPlainFile } from '../ground/plain-file.ts';

/** A copy of a library's database. */
export interface Copy {
  readonly name: string;
  readonly path: string;
  /** ISO 8601. */
  readonly madeAt: string;
  /** How many it holds; null: the copy itself is damaged. */
  readonly projects: number | null;
}

/** The newest copies, and the newest of each of the last days that had any. */
const NEWEST_KEPT = 8;
const DAYS_KEPT = 10;
/** Of those made before the database went to another version. */
const VERSIONS_KEPT = 5;

const COPY = /^library-(version-\d+-)?(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-\d+\.db$/;

/**
 * A name that tells when, and by which process. A copy is always newer than those before it, also when the clock was
 * set back: else what it had run ahead would be restored, and what is kept now be thinned away at once.
 */
export function copyName(of: string, backups: string): string {
  const [newest] = copyNames(backups);
  const now = new Date(Math.max(Date.now(), newest ? Date.parse(madeAt(newest)) + 1 : 0));
  return `library-${of}${now.toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}.db`;
}

/**
 * Keeps a copy of what is in the library now, unless there is nothing in it, or nothing new since the last one. A
 * library that is empty by accident must not push out the copies of a full one.
 */
export function keepCopy(db: Database.Database, backups: string): void {
  if (projectsIn(db) === 0) return;
  makeFolder(backups);
  const name = copyName('', backups);
  const partial = join(backups, `${name}.partial`);
  try {
    db.prepare('VACUUM INTO ?').run(partial);
    const [newest] = copyNames(backups);
    if (newest && sha256(join(backups, newest)) === sha256(partial)) return;
    renameSync(partial, join(backups, name));
    thin(backups);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Newest first. */
export function listCopies(backups: string): Copy[] {
  return copyNames(backups).map((name) => {
    const path = join(backups, name);
    return { name, path, madeAt: madeAt(name), projects: projectsOf(path) };
  });
}

function copyNames(backups: string): string[] {
  try {
    const files = readdirSync(backups, { withFileTypes: true }).filter((entry) => entry.isFile());
    const names = files.map(({ name }) => name).filter((name) => COPY.test(name));
    return names.toSorted((a, b) => madeAt(b).localeCompare(madeAt(a)));
  } catch {
    return []; // there is no such folder yet
  }
}

function madeAt(name: string): string {
  const [, , day, hour, minute, second, ms] = COPY.exec(name)!;
  return `${day}T${hour}:${minute}:${second}.${ms}Z`;
}

function thin(backups: string): void {
  const names = copyNames(backups);
  const ofVersions = names.filter((name) => name.startsWith('library-version-'));
  const usual = names.filter((name) => !ofVersions.includes(name));
  const newestOfDay = new Map(usual.toReversed().map((name) => [madeAt(name).slice(0, 10), name]));
  const days = [...newestOfDay.values()].slice(-DAYS_KEPT);
  const kept = new Set([...usual.slice(0, NEWEST_KEPT), ...days, ...ofVersions.slice(0, VERSIONS_KEPT)]);
  for (const name of names) if (!kept.has(name)) rmSync(join(backups, name), { force: true });
}

function projectsOf(path: string): number | null {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    return db.pragma('integrity_check(1)', { simple: true }) === 'ok' ? projectsIn(db) : null;
  } catch {
    return null;
  } finally {
    db?.close();
  }
}

function projectsIn(db: Database.Database): number {
  return db.prepare('SELECT count(*) FROM projects WHERE deleted_at IS NULL').pluck().get() as number;
}

function sha256(path: string): string {
  return createHash('sha256').update(readPlainFile(path)).digest('hex');
}
