import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StudioError } from '../../../shared/contract/index.ts';

/**
 * What the system knows of a file that a person named. Raises StudioError('not-found') where there is none: what is
 * read from a pipe or a device may never come to an end, nor even begin.
 */
export async function requireFile(path: string): Promise<Stats> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return found;
  // Node reads a name that is no Unicode with these in it, and does not find it again.
  const hint = path.includes('\uFFFD') ? 'Its name has letters that cannot be read: rename it.' : 'Check the path.';
  throw new StudioError({ code: 'not-found', message: `There is no file ${path}.`, hint });
}
