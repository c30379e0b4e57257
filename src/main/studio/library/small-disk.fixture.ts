/** A file system of a few megabytes of its own, for what happens when it is full. Needs the right to mount one. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly dir: string;
  /** Leaves this many bytes, or none. */
  fill(left?: number): void;
  /** Makes room again. */
  clear(): void;
  /** May it be written to? */
  writable(may: boolean): void;
  remove(): void;
}

/** Undefined where it may not be mounted. */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'likeness-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    rmSync(dir, { recursive: true });
    return undefined;
  }
  const filler = join(dir, 'filler');
  return {
    dir,
    fill(left = 0) {
      const file = openSync(filler, 'w');
      const block = Buffer.alloc(4096);
      try {
        for (;;) writeSync(file, block);
      } catch {
        // It is full.
      }
      closeSync(file);
      if (left > 0) execFileSync('truncate', ['-s', `-${left}`, filler]);
    },
    clear: () => rmSync(filler, { force: true }),
    writable: (may) => execFileSync('mount', ['-o', `remount,${may ? 'rw' : 'ro'}`, dir]),
    remove() {
      execFileSync('umount', ['-l', dir]);
      rmSync(dir, { recursive: true });
    },
  };
}

/** Said in the name of a test that is left out. */
export const NEEDS_MOUNT = 'needs the right to mount a file system';
export const MAY_MOUNT = mayMount();

function mayMount(): boolean {
  const disk = process.platform === 'linux' ? smallDisk(1) : undefined;
  disk?.remove();
  return disk !== undefined;
}
