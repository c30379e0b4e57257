import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { StudioError } from '../../shared/contract/index.ts';

/** LIKENESS_LIBRARY, else "Likeness" in the home folder. */
export function defaultLibraryDir(): string {
  return resolve(process.env['LIKENESS_LIBRARY'] || join(homedir(), 'Likeness'));
}

/** Its disk never answered. */
export const SILENT_DISK = new StudioError({
  code: 'not-found',
  message: 'The disk with the library does not answer.',
  hint: 'Check its connection, or choose another library folder.',
});
