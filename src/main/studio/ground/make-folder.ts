import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';

/**
 * Makes a folder and those above it, with rights `mode`; one that is there stays as it is. Raises the system's error,
 * and StudioError('bad-request') where the folder above takes none, as those of /proc: Node's own `recursive` tries for
 * ever there.
 */
export function makeFolder(path: string, mode?: number): void {
  const above = dirname(path);
  if (above !== path && !existsSync(above)) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (isFolder(path)) return;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !isFolder(above)) throw error;
    throw new StudioError({
      code: 'bad-request',
      message: `No folder can be made in ${above}.`,
      hint: 'Choose another folder.',
      detail: path,
    });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
