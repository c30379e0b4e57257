import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Manifest } from '../../../shared/contract/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { asFileError, partialBeside, settle } from '../ground/settle.ts';

/**
 * Writes an opened bundle to a file, whole or not at all; its manifest lists the files' hashes as they are. Raises
 * StudioError('disk-full' | 'not-found') for what a person can change.
 */
export async function writeBundle(
  { manifest, files }: { readonly manifest: Manifest; readonly files: ReadonlyMap<string, Uint8Array> },
  path: string,
): Promise<void> {
  const partial = partialBeside(path);
  try {
    makeFolder(dirname(path));
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), 'manifest.json');
    for (const [name, { buffer, byteOffset, byteLength }] of files)
      zip.addBuffer(Buffer.from(buffer, byteOffset, byteLength), name);
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(partial));
    await settle(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw asFileError(error);
  }
}
