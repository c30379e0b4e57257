import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type * as Timers from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { endTree } from './process-tree.ts';

const pauses = vi.hoisted(() => [] as number[]);
vi.mock('node:timers/promises', async (original) => {
  const timers = await original<typeof Timers>();
  return { ...timers, setTimeout: (ms: number) => (pauses.push(ms), timers.setTimeout(ms)) };
});

/** The states of the processes of a group, as /proc/PID/stat has them. */
function statesOf(group: number): string[] {
  return readdirSync('/proc').flatMap((entry) => {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const [state, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(itsGroup) === group ? [state!] : [];
    } catch {
      return []; // not a process, or gone by now
    }
  });
}

test.skipIf(process.platform !== 'linux')('a process that is dead but not counted yet is not waited for', async () => {
  // The leader stays, and never asks after its child, which is a zombie from then on.
  const leader = spawn('sh', ['-c', 'sh -c "exit" & exec sleep 60'], { detached: true, stdio: 'ignore' });
  const over = once(leader, 'exit');
  await expect.poll(() => statesOf(leader.pid!)).toContain('Z');
  await endTree(leader.pid!);
  await over;
  // The system's first process takes over what the leader left, and counts it when it pleases.
  const all = pauses.reduce((sum, ms) => sum + ms, 0);
  expect(all).toBeLessThan(500);
});
