import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const COUNT_EVERY_MS = 500;

/**
 * @typedef {{ kind: 'pip', event: import('./pip.mjs').PipEvent }
 *   | { kind: 'unpacked', done: number, total: number }} Installing
 */

/**
 * pip says nothing while it unpacks, but each package leaves a folder when it is done.
 * @template T
 * @param {string} venv
 * @param {(tell: (event: import('./pip.mjs').PipEvent) => void) => Promise<T>} work
 * @param {(event: Installing) => void} onEvent
 */
export async function installed(venv, work, onEvent) {
  let timer;
  try {
    return await work((event) => {
      onEvent({ kind: 'pip', event });
      if (event.kind !== 'unpack') return;
      const before = countPackages(venv);
      const total = event.names.length;
      timer = setInterval(
        () => onEvent({ kind: 'unpacked', done: Math.min(total, Math.max(0, countPackages(venv) - before)), total }),
        COUNT_EVERY_MS,
      );
    });
  } finally {
    clearInterval(timer);
  }
}

/** @param {string} venv */
function countPackages(venv) {
  const lib = join(venv, process.platform === 'win32' ? 'Lib' : 'lib');
  const folders =
    process.platform === 'win32'
      ? [lib]
      : entries(lib)
          .filter((name) => name.startsWith('python3'))
          .map((name) => join(lib, name));
  return folders
    .flatMap((folder) => entries(join(folder, 'site-packages')))
    .filter((name) => name.endsWith('.dist-info')).length;
}

/** @param {string} folder */
function entries(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}
