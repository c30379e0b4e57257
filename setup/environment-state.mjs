// What there is of an environment, told by a look at a few small files.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installed in this order; each later file may rely on the ones before it. */
const REQUIREMENTS = [
  { file: 'requirements.txt', options: [], dev: false },
  { file: 'requirements-nodeps.txt', options: ['--no-deps'], dev: false },
  { file: 'requirements-dev.txt', options: [], dev: true },
];
export const STAMP = 'likeness-stamp.json';
/** Lies in an environment from its first moment until it is complete. */
export const UNFINISHED = 'likeness-unfinished';

/** @param {string} venv */
export function pythonOf(venv) {
  return process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
}

/**
 * What there is, told by a look at a few small files. `outdated`: complete once, but for other requirements.
 * An environment without a stamp was made by hand, and is taken as it is.
 * @param {{ trainer: string, venv: string, dev?: boolean }} where
 * @returns {'ready' | 'absent' | 'outdated'}
 */
export function environmentState({ trainer, venv, dev = false }) {
  if (!existsSync(pythonOf(venv)) || existsSync(join(venv, UNFINISHED))) return 'absent';
  if (!existsSync(join(venv, STAMP))) return 'ready';
  return missingParts(trainer, venv, dev).length === 0 ? 'ready' : 'outdated';
}

/** @param {boolean} dev */
export function wantedParts(dev) {
  return REQUIREMENTS.filter((part) => dev || !part.dev);
}

/** @param {string} trainer @param {string} venv @param {boolean} dev */
export function missingParts(trainer, venv, dev) {
  const stamp = readStamp(venv);
  return wantedParts(dev).filter(({ file }) => stamp[file] !== digest(join(trainer, file)));
}

/** @param {string} venv */
export function readStamp(venv) {
  try {
    return JSON.parse(readFileSync(join(venv, STAMP), 'utf8'));
  } catch {
    return {};
  }
}

/** @param {string} path */
export function digest(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
