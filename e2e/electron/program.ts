import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The Electron that the tests drive. */
export interface Program {
  readonly path: string;
  /** Older than the one we ship with: it needs a build of its own and stand-ins for what it lacks (old/). */
  readonly old: boolean;
}

const ELECTRON = process.platform === 'win32' ? 'electron.exe' : 'electron';
const require = createRequire(import.meta.url);

/**
 * LIKENESS_ELECTRON names the folder of an Electron; without it, the one of Electron's own package, whose program is
 * fetched apart. Undefined, and said why, where there is none. Raises an Error for a folder that holds none.
 */
export function findProgram(): Program | undefined {
  const path = named() ?? installed();
  if (path) return { path, old: majorOf(versionOf(path)) < majorOf(shippedVersion()) };
  console.log(
    'The Electron host is not driven here: set LIKENESS_ELECTRON to the folder of an Electron, ' +
      'or fetch the one of its package with "node node_modules/electron/install.js".',
  );
  return undefined;
}

function named(): string | undefined {
  const folder = process.env['LIKENESS_ELECTRON'];
  if (!folder) return undefined;
  const path = join(folder, process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : ELECTRON);
  accessSync(path, constants.X_OK);
  return path;
}

function installed(): string | undefined {
  const folder = dirname(require.resolve('electron/package.json'));
  const where = join(folder, 'path.txt');
  return existsSync(where) ? join(folder, 'dist', readFileSync(where, 'utf8').trim()) : undefined;
}

function versionOf(path: string): string {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return execFileSync(path, ['-p', 'process.versions.electron'], { env, encoding: 'utf8' }).trim();
}

function shippedVersion(): string {
  return (require('electron/package.json') as { version: string }).version;
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
