import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export { launchBrowser } from '../src/bench/window/browser.ts';

/** Electron's program, which its package fetches on its own; undefined where that was not possible. */
export function electronProgram(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const where = join(folder, 'path.txt');
  return existsSync(where) ? join(folder, 'dist', readFileSync(where, 'utf8').trim()) : undefined;
}
