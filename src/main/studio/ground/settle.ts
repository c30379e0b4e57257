import { constants, statSync } from 'node:fs';
import { copyFile, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { knownError } from '../../../shared/domain/system-error.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Gives a finished file its name: synced first, so that a power cut leaves the old file or the new one, never half of
 * one. Raises StudioError('bad-request') as `requireReplaceable` does.
 */
export async function settle(partial: string, path: string): Promise<void> {
  requireReplaceable(path);
  const file = await open(partial, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, path);
  await syncFolder(dirname(path));
}

/** Raises StudioError('bad-request') where a folder, a device or a pipe lies: no file takes the place of these. */
export function requireReplaceable(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there || there.isFile()) return;
  throw new StudioError({
    code: 'bad-request',
    message: `${basename(path)} is ${there.isDirectory() ? 'a folder' : 'no file, but a device or a pipe'}.`,
    hint: 'Choose another name.',
  });
}

/** The name that a file has beside its own while it is written. */
export function partialBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.partial`);
}

/** Writes a file, whole or not at all. Raises as `copyWhole` does. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const partial = partialBeside(path);
  try {
    await writeFile(partial, content);
    await settle(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw asFileError(error);
  }
}

/** Copies a file, whole or not at all. Raises StudioError('disk-full' | 'not-found') for what a person can change. */
export async function copyWhole(file: string, path: string): Promise<void> {
  const partial = partialBeside(path);
  try {
    makeFolder(dirname(path));
    await copyFile(file, partial, constants.COPYFILE_FICLONE); // shares the blocks where the file system can
    await settle(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw asFileError(error);
  }
}

/** The errors of the file system that a person can do something about; others as they are. */
export function asFileError(error: unknown): unknown {
  return knownError(error) ?? error;
}

/**
 * Folders that may be written to and not be read, and those on some disks of other computers, cannot be synced: the
 * file has its name all the same.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there; NTFS journals the rename
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!UNSYNCED.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
const UNSYNCED = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EISDIR', 'EACCES', 'EPERM']);
