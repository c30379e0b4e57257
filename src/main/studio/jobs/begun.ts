import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Socket } from 'node:net';
import { startTrainer, type TrainerCommand } from './trainer-process.ts';

interface Begun {
  readonly child: ChildProcessWithoutNullStreams;
  readonly command: TrainerCommand;
  readonly job: string;
  readonly threads: number;
}
let begun: Begun | undefined;

/**
 * Starts a trainer before its job is known: it loads what a `job` of that name needs and waits. Without one it ends
 * with this process, which it does not hold up.
 */
export function begin(command: TrainerCommand, job: string, threads: number): ChildProcessWithoutNullStreams {
  const child = startTrainer({ ...command, args: [...command.args, job] }, threads);
  begun = { child, command, job, threads };
  const forget = (): void => {
    if (begun?.child === child) begun = undefined;
  };
  child.once('error', forget); // whoever starts it with a job is told why
  child.once('exit', forget);
  hold(child, 'unref');
  return child;
}

/** The trainer that was begun for such a job; undefined where there is none. One with other threads is let go. */
export function takeBegun(
  command: TrainerCommand,
  job: string,
  threads: number,
): ChildProcessWithoutNullStreams | undefined {
  const found = begun;
  if (found?.job !== job) return undefined;
  begun = undefined;
  if (found.threads !== threads || !same(found.command, command)) {
    found.child.stdin.end();
    return undefined;
  }
  hold(found.child, 'ref');
  return found.child;
}

function same(one: TrainerCommand, other: TrainerCommand): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function hold(child: ChildProcessWithoutNullStreams, how: 'ref' | 'unref'): void {
  child[how]();
  for (const pipe of [child.stdin, child.stdout, child.stderr]) (pipe as unknown as Socket)[how]();
}
