import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { parseTensorHeader, TensorFileError } from '../../../shared/binary/index.ts';

/** A MATLAB file, or a ZIP archive: what face models are published as, beside folders. */
const STARTS = ['MATLAB ', 'PK\u0003\u0004'];
const LARGEST_BASIS = 64 * 2 ** 20; // bytes; a basis has two

/** Whether the trainer is to look into a file. */
export async function looksLikeFaceModel(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    return STARTS.some((wanted) => start.startsWith(wanted));
  } finally {
    await file.close();
  }
}

/** Whether a converted face model holds what its header says that it was written with. */
export async function isWholeBasis(path: string): Promise<boolean> {
  if ((await stat(path)).size > LARGEST_BASIS) return false;
  const bytes = await readFile(path);
  try {
    const { metadata, valuesAt } = parseTensorHeader(bytes, bytes.byteLength);
    return metadata['content'] === createHash('sha256').update(bytes.subarray(valuesAt)).digest('hex');
  } catch (error) {
    if (error instanceof TensorFileError) return false;
    throw error;
  }
}
