import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Signals a process and everything it started. The process must lead a group of its own (`detached`),
 * which outlives it: children are reached even when their parent has gone.
 */
export function signalTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (process.platform === 'win32')
      execFileSync('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    else process.kill(-pid, signal);
  } catch {
    // Nothing is left of it.
  }
}

/** Ends what is left of a tree, and waits until it is gone: a killed process takes a moment to leave. */
export async function endTree(pid: number): Promise<void> {
  signalTree(pid, 'SIGKILL');
  for (let waited = 0; waited < 500 && groupLives(pid); waited += 20) await delay(20);
}

function groupLives(pid: number): boolean {
  if (process.platform === 'win32') return false; // taskkill waits
  try {
    process.kill(-pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || readdirSync('/proc').some((entry) => livesIn(entry, pid));
}

/** A zombie is dead, and only waits to be counted: by the system's first process, which may take seconds over it. */
function livesIn(entry: string, group: number): boolean {
  try {
    const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    const [state, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before may hold anything
    return Number(itsGroup) === group && state !== 'Z' && state !== 'X';
  } catch {
    return false; // not a process, or gone by now
  }
}
