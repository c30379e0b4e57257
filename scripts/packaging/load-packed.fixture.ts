/**
 * Loads packages as the installed program would: a file that is not packed is as if it were not there. Its arguments: a
 * JSON file with the packed files' absolute paths, then what to import.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const [list, ...specifiers] = process.argv.slice(2) as [string, ...string[]];
const packed = new Set(JSON.parse(readFileSync(list, 'utf8')) as string[]);
registerHooks({
  load(url, context, next) {
    const path = url.startsWith('file:') ? fileURLToPath(url) : '';
    if (path.includes(`${sep}node_modules${sep}`) && !packed.has(path)) throw new Error(`${path} is not packed`);
    return next(url, context);
  },
});
for (const specifier of specifiers) await import(specifier);
const { default: Database } = await import('better-sqlite3');
new Database(':memory:').close(); // its native part is loaded by the first database
