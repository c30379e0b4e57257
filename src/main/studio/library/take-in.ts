import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { asFileError, copyWhole } from '../ground/settle.ts';

/** Room that must stay free beside what is copied: the database and the analysis need some too. */
const SPARE_BYTES = 64 * 2 ** 20;

/** The name under which a folder is filled. */
export function partialFolder(folder: string): string {
  return `${folder}.partial`;
}

/**
 * Makes a folder with a copy of one file in it, whole or not at all: it is filled under a temporary name
 * beside its place, synced, and then named. Answers the file's SHA-256. Raises StudioError('disk-full').
 */
export async function takeIn(file: string, folder: string, name: string): Promise<string> {
  const partial = partialFolder(folder);
  try {
    makeFolder(partial);
    await requireSpace(file, partial);
    await copyWhole(file, join(partial, name));
    const sha256 = await sha256Of(join(partial, name));
    await rename(partial, folder);
    return sha256;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw asFileError(error);
  }
}

async function requireSpace(file: string, folder: string): Promise<void> {
  const [{ size }, { bavail, bsize }] = await Promise.all([stat(file), statfs(dirname(folder))]);
  if (size + SPARE_BYTES > bavail * bsize) {
    throw new StudioError({
      code: 'disk-full',
      message:
        `There is not enough room for this file: it needs ${megabytes(size + SPARE_BYTES)} MB, ` +
        `${megabytes(bavail * bsize)} MB are free.`,
      hint: 'Free some space, or choose a library folder on another disk.',
    });
  }
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1e6).toLocaleString('en');
}
