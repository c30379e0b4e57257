import { constants } from 'node:fs';
import { cp, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { makeFolder } from '../ground/make-folder.ts';
import { asFileError } from '../ground/settle.ts';
import { partialFolder } from './take-in.ts';

/**
 * Copies a folder, whole or not at all, without what is half written and without the folders of it that are named. What
 * is newer than what is told by the files' times, so these are kept. Raises StudioError('disk-full').
 */
export async function copyFolder(from: string, to: string, without: readonly string[]): Promise<void> {
  const partial = partialFolder(to);
  const wanted = (file: string): boolean => {
    const [top = ''] = relative(from, file).split(sep);
    return !without.includes(top) && !file.endsWith('.partial');
  };
  try {
    makeFolder(dirname(to));
    await cp(from, partial, {
      recursive: true,
      mode: constants.COPYFILE_FICLONE, // shares the blocks where the file system can
      preserveTimestamps: true,
      filter: wanted,
    });
    await syncAll(partial);
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw asFileError(error);
  }
}

async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
