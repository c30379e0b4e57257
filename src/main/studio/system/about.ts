import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { About } from '../../../shared/contract/system.ts';
import { type Installation, threadsFor } from './environment.ts';
import { VERSION } from '../ground/product.ts';

/** What this program is, and under which licences; quick to ask. */
export function about({ root }: Installation, libraryDir: string): Omit<About, 'canShowFolders'> {
  return {
    version: VERSION,
    libraryDir,
    threads: threadsFor(null),
    licence: textOf(root, 'LICENSE'),
    notices: textOf(root, 'THIRD_PARTY_NOTICES.md'),
  };
}

/** Empty where an installation came without the file. */
function textOf(root: string, name: string): string {
  const path = join(root, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
