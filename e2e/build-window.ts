import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** What the window is made from. */
const SOURCES = ['src/renderer/**/*', 'src/shared/**/*', 'vite.config.ts', 'package-lock.json'];

/** Builds the window as the web host serves it, unless the one that is there is newer than all it is made from. */
export function buildWindow(): void {
  const page = join(root, 'out', 'window', 'index.html');
  const newest = Math.max(...globSync(SOURCES, { cwd: root }).map((name) => statSync(join(root, name)).mtimeMs));
  if (existsSync(page) && statSync(page).mtimeMs > newest) return;
  execFileSync(
    process.execPath,
    [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } },
  );
}
