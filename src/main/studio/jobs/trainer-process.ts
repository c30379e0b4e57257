import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { z } from 'zod';
import { signalTree } from './process-tree.ts';
import type { TrainerExit } from './trainer-failure.ts';

/** How to start the trainer. */
export interface TrainerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A process of the trainer, which reads its job from the first line of its input. */
export function startTrainer(command: TrainerCommand, threads: number): ChildProcessWithoutNullStreams {
  const child = spawn(command.program, command.args, {
    cwd: command.cwd,
    detached: process.platform !== 'win32', // leads a process group, so that its children can be stopped with it
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    // Idle OpenMP threads must sleep: spinning ones collapse when cores are shared.
    env: {
      ...process.env,
      ...command.env,
      OMP_WAIT_POLICY: 'PASSIVE',
      GOMP_SPINCOUNT: '0',
      OMP_NUM_THREADS: String(threads),
      ORT_DISABLE_TELEMETRY: '1',
      PYTHONUTF8: '1',
      PYTHONUNBUFFERED: '1',
    },
  });
  child.stdin.on('error', () => undefined); // it ended without reading; how it ended says more
  return child;
}

/** Waits until the process is gone and its output is read; then ends what it left running. */
export function exitOf(child: ChildProcessWithoutNullStreams): Promise<TrainerExit> {
  const { pid } = child;
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not-started', reason: error.message }));
    // A child of the trainer may hold the pipes open, which would keep 'close' from coming.
    child.once('exit', () => pid !== undefined && signalTree(pid, 'SIGKILL'));
    child.once('close', (code, signal) =>
      resolve(signal ? { kind: 'killed', signal } : { kind: 'exited', code: code ?? 1 }),
    );
  });
}

/** Ours nest four levels. What goes much deeper can be read and not be written again: the job's end would not be. */
const DEEPEST = 64;

function isDeep(line: string): boolean {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest > DEEPEST;
}

/** What a line of a trainer's output says; null for a line that says nothing of this kind. */
export function eventOf<Event>(kind: z.ZodType<Event>, line: string): Event | null {
  try {
    return isDeep(line) ? null : (kind.safeParse(JSON.parse(line)).data ?? null);
  } catch {
    return null;
  }
}
