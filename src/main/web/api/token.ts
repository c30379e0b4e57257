import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlainFile } from '../../studio/studio.ts';
import { secret } from '../secret.ts';

const FILE = 'api-token';
const TOKEN = /^[\w-]{32}$/;

export interface ApiToken {
  readonly token: string;
  /** Where it lies, for its owner alone to read. */
  readonly file: string;
}

/** The token that opens a library to programs: made at the first use, and again once its file was deleted. */
export function apiToken(libraryDir: string): ApiToken {
  const file = join(libraryDir, FILE);
  const kept = readKept(file);
  if (kept !== undefined && TOKEN.test(kept)) {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return { token: kept, file };
  }
  const token = secret();
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  chmodSync(file, 0o600); // of a file that was there, the mode above changes nothing
  return { token, file };
}

function readKept(file: string): string | undefined {
  try {
    return readPlainFile(file).toString().trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
