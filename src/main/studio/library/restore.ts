import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { isAlive } from '../ground/process-identity.ts';
import { type Copy, listCopies } from './copies.ts';
import { DamagedLibrary } from './damaged.ts';
import { Library } from './library.ts';
import { LibraryPaths } from './paths.ts';

/** What a restored library came from. */
export interface Restored {
  /** The copy that was taken; null: there was none that held anything. */
  readonly copy: string | null;
  /** How many it has now, and how many of them were found by their folders alone. */
  readonly projects: number;
  readonly foundAgain: number;
  /** Where the database lies that was there before; null: there was none. */
  readonly setAside: string | null;
}

/** The copies of a library's database, newest first. */
export function libraryCopies(dir: string): Copy[] {
  return listCopies(new LibraryPaths(resolve(dir)).backups);
}

/**
 * Puts the newest copy that holds something in the place of a damaged database, or the copy of that name in the place
 * of any, and finds projects again by their folders. What was there is kept aside. Raises StudioError('bad-request' |
 * 'not-found' | 'busy').
 */
export function restoreLibrary(dir: string, name?: string): Restored {
  const paths = new LibraryPaths(resolve(dir));
  if (!existsSync(paths.root))
    throw new StudioError({
      code: 'not-found',
      message: 'There is no such library.',
      hint: 'Check the folder after --library.',
      detail: paths.root,
    });
  if (inOrder(paths) && name === undefined)
    throw new StudioError({
      code: 'bad-request',
      message: 'This library is in order; nothing was done.',
      hint: 'To go back to a copy all the same, name it with --copy; "likeness library copies" lists them.',
    });
  const copy = chosen(listCopies(paths.backups), name);
  try {
    const setAside = putAside(paths);
    if (copy) copyFileSync(copy.path, paths.database);
    return { copy: copy?.name ?? null, setAside, ...reconciled(paths) };
  } catch (error) {
    throw asStudioError(error);
  }
}

function chosen(copies: readonly Copy[], name: string | undefined): Copy | undefined {
  const copy = copies.find((one) => (name === undefined ? one.projects : one.name === name));
  if (name === undefined || copy?.projects != null) return copy;
  throw new StudioError({
    code: 'not-found',
    message: copy ? 'This copy is damaged itself.' : `There is no copy named "${name}".`,
    hint: '"likeness library copies" lists those that there are.',
  });
}

/** Raises what keeps a library from being opened beside damage, and StudioError('busy') while jobs run in it. */
function inOrder(paths: LibraryPaths): boolean {
  let library: Library;
  try {
    library = new Library(paths.root);
  } catch (error) {
    if (error instanceof DamagedLibrary) return false;
    throw error;
  }
  try {
    if (library.jobs.unfinished().some(({ owner }) => owner !== null && isAlive(owner.split('#')[0]!)))
      throw new StudioError({ code: 'busy', message: 'Jobs are running in this library.', hint: 'Cancel them first.' });
    return true;
  } finally {
    library.close();
  }
}

/** The database and what belongs to it. */
function putAside({ backups, database }: LibraryPaths): string | null {
  const files = [database, `${database}-wal`, `${database}-shm`].filter((file) => existsSync(file));
  if (files.length === 0) return null;
  const folder = join(backups, `set-aside-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  makeFolder(folder);
  for (const file of files) renameSync(file, join(folder, basename(file)));
  return folder;
}

/** The copy may be older than the folders: projects have come and gone since. */
function reconciled(paths: LibraryPaths): Pick<Restored, 'projects' | 'foundAgain'> {
  const library = new Library(paths.root, { anew: true });
  try {
    for (const { id } of library.projects.list())
      if (!existsSync(paths.project(id)) && existsSync(paths.trashed(id))) library.projects.markDeleted(id);
    for (const { id } of library.projects.deleted())
      if (existsSync(paths.project(id)) && !existsSync(paths.trashed(id))) library.projects.unmarkDeleted(id);
    const foundAgain = library.findAgain();
    return { foundAgain, projects: library.projects.list().length };
  } finally {
    library.close();
  }
}
