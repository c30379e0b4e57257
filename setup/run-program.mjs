import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** An interrupted pip removes its temporary files; what is still there after this is killed. */
const KILL_AFTER_MS = 4000;
const LAST_WORDS = 4000;

/**
 * @typedef {object} Run
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] instead of this process's own
 * @property {AbortSignal} [signal] ends the program and everything it started; the promise then rejects with the
 * signal's reason
 * @property {(line: string) => void} [onLine] a line of its standard output
 * @property {(line: string) => void} [onError] a line of its standard error
 * @property {(pid: number) => void} [onStart]
 */

/**
 * Runs a program to its end without stopping this one. One that cannot be started, or dies of a signal, counts as
 * status 1.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Run} [run]
 * @returns {Promise<{ status: number, lastWords: string }>} `lastWords`: the end of its standard error
 */
export async function runProgram(command, args, { cwd, env = process.env, signal, onLine, onError, onStart } = {}) {
  signal?.throwIfAborted();
  // With a signal it leads a group of its own, so that its children end with it; without one Ctrl-C reaches it as
  // usual.
  const grouped = signal !== undefined && process.platform !== 'win32';
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    detached: grouped,
  });
  let lastWords = '';
  const closed = new Promise((resolve) => {
    child.once('error', (error) => {
      lastWords = error.message;
      resolve(1);
    });
    child.once('close', (status) => resolve(status ?? 1));
  });
  createInterface({ input: child.stdout }).on('line', (line) => onLine?.(line));
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastWords = `${lastWords}${line}\n`.slice(-LAST_WORDS);
    onError?.(line);
  });
  const { pid } = child;
  if (pid !== undefined) onStart?.(pid);
  let timer;
  const stop = () => {
    end(pid, grouped, 'SIGINT');
    timer = setTimeout(() => end(pid, grouped, 'SIGKILL'), KILL_AFTER_MS);
  };
  signal?.addEventListener('abort', stop, { once: true });
  const status = await closed;
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) end(pid, grouped, 'SIGKILL'); // children that outlived it
  signal?.throwIfAborted();
  return { status: Number(status), lastWords: lastWords.trim() };
}

/** @param {number | undefined} pid @param {boolean} grouped @param {NodeJS.Signals} signal */
function end(pid, grouped, signal) {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    );
    return;
  }
  try {
    process.kill(grouped ? -pid : pid, signal);
  } catch {
    // It is gone already.
  }
}
