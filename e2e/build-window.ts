import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the window as the web host serves it; a few seconds. */
export function buildWindow(): void {
  const root = join(import.meta.dirname, '..');
  execFileSync(process.execPath, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'], { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } });
}
