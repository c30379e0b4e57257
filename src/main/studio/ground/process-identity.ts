import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process by its number and its start: numbers are used again, a start is not.
 * "1234@5678" where the second part is the system's own notion of when it started.
 */
export type ProcessIdentity = string;

/** Null when there is no such process. */
export function identityOf(pid: number): ProcessIdentity | null {
  const start = startOf(pid);
  return start === null ? null : `${pid}@${start}`;
}

export function pidOf(identity: ProcessIdentity): number {
  return Number.parseInt(identity, 10);
}

export function isAlive(identity: ProcessIdentity): boolean {
  return exists(pidOf(identity)) && identityOf(pidOf(identity)) === identity;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it belongs to somebody else
  }
}

function startOf(pid: number): string | null {
  try {
    switch (process.platform) {
      case 'linux':
        return linuxStart(pid);
      case 'win32':
        return (
          execFileSync('powershell', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`], {
            encoding: 'utf8',
            windowsHide: true,
            stdio: ['ignore', 'pipe', 'ignore'],
          }).trim() || null
        );
      default:
        return (
          execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          }).trim() || null
        );
    }
  } catch {
    return null;
  }
}

/** Clock ticks since the boot, and which boot. A zombie is dead: it only waits to be counted by its parent. */
function linuxStart(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold anything
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
  return `${boot}-${fields[19]}`;
}
