import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWindow } from '../build-window.ts';

export const root = join(import.meta.dirname, '..', '..');
const OLD = join(root, 'out', 'electron-old');
/** What the old window is made from. */
const SOURCES = ['src/renderer/**/*', 'src/shared/**/*', 'e2e/electron/old/*', '*vite.config.ts', 'package-lock.json'];

/** Builds the program as it is shipped, or for an old Electron. The answer is the folder to start. */
export function buildProgram(old: boolean): string {
  if (!old) {
    buildWindow();
    run('electron-vite', 'build');
    return root;
  }
  run('electron-vite', 'build', '--config', 'e2e/electron/old/electron.vite.config.ts');
  buildOldWindow();
  // Its own modules are found before the checkout's.
  const sqlite = join(OLD, 'node_modules', 'better-sqlite3');
  mkdirSync(sqlite, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'old', 'sqlite.cjs'), join(sqlite, 'index.js'));
  writeFileSync(
    join(OLD, 'package.json'),
    JSON.stringify({ name: 'likeness', version: '0.0.0', main: 'main/index.cjs' }),
  );
  return OLD;
}

function buildOldWindow(): void {
  const page = join(OLD, 'window', 'index.html');
  const newest = Math.max(...globSync(SOURCES, { cwd: root }).map((name) => statSync(join(root, name)).mtimeMs));
  if (existsSync(page) && statSync(page).mtimeMs > newest) return;
  run('vite', 'build', '--config', 'e2e/electron/old/vite.config.ts');
}

function run(tool: 'vite' | 'electron-vite', ...args: string[]): void {
  execFileSync(
    process.execPath,
    [join(root, 'node_modules', tool, 'bin', `${tool}.js`), ...args, '--logLevel', 'error'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } },
  );
}
