import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './terminal.mjs';

/**
 * Runs `work` while this process holds the lock file; a second set-up of the same folder waits for the first.
 * @template T
 * @param {string} lockPath
 * @param {() => T | Promise<T>} work
 * @param {{ signal?: AbortSignal, onWait?: () => void }} [how] the signal ends the waiting
 * @returns {Promise<T>}
 */
export async function oneAtATime(
  lockPath,
  work,
  { signal, onWait = () => say('Another set-up of this folder is running; waiting for it ...') } = {},
) {
  mkdirSync(dirname(lockPath), { recursive: true });
  for (let waiting = false; !take(lockPath); waiting = true) {
    if (!waiting) onWait();
    await sleep(500, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    rmSync(lockPath, { force: true });
  }
}

/** @param {string} path @returns {boolean} */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (holderLives(path)) return false;
    rmSync(path, { force: true }); // left by a set-up that was killed
    return take(path);
  }
}

/** @param {string} path */
function holderLives(path) {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
