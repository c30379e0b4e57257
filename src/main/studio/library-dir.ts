import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** LIKENESS_LIBRARY, else "Likeness" in the home folder. */
export function defaultLibraryDir(): string {
  return resolve(process.env['LIKENESS_LIBRARY'] || join(homedir(), 'Likeness'));
}
