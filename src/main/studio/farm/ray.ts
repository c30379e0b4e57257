import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { oneAtATime, provideFarmEnvironment, SetupProblem } from '../../../../setup/index.mjs';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Installation } from '../system/environment.ts';
import { FarmAnswer } from '../../../shared/contract/farm.ts';

/** How Ray is reached: its Python environment, and the token that every computer of the farm shows. */
export interface Ray {
  readonly python: string;
  readonly trainer: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Ray's environment, made where there is none yet. Raises StudioError('missing-tool' | 'cancelled').
 * `say` is told of what is fetched.
 */
export async function ray(
  { trainer, venv }: Installation,
  token: string,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<Ray> {
  const own = `${venv}-farm`;
  try {
    const python = await oneAtATime(
      `${own}.lock`,
      () =>
        provideFarmEnvironment({
          trainer,
          venv: own,
          signal,
          onOutput: () => undefined,
          onEvent: (event) => {
            if (event.kind === 'pip' && event.event.kind === 'download')
              say(`Fetching ${event.event.name}, ${event.event.size} ...`);
          },
        }),
      { signal },
    );
    return { python, trainer, env: environment(trainer, token) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SetupProblem)) throw error;
    throw new StudioError({
      code: 'missing-tool',
      message: `${error.problem}.`,
      hint: `${error.remedy.charAt(0).toUpperCase()}${error.remedy.slice(1)}, then try again.`,
      ...(error.detail ? { detail: error.detail } : {}),
    });
  }
}

/** What it says goes nowhere else: Ray counts its users unless it is told not to. */
function environment(trainer: string, token: string): Record<string, string> {
  return {
    RAY_AUTH_MODE: 'token',
    RAY_AUTH_TOKEN_PATH: token,
    RAY_USAGE_STATS_ENABLED: '0',
    RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: '1',
    PYTHONPATH: trainer,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUTF8: '1',
  };
}

/** The program `ray` of its environment. */
export function rayProgram({ python }: Ray): string {
  return process.platform === 'win32' ? join(python, '..', 'ray.exe') : join(python, '..', 'ray');
}

/** A program of Ray's, which leads a process group of its own, so that all of it can be ended. */
export function startRay({ env, trainer }: Ray, program: string, args: readonly string[], more = {}): ChildProcess {
  return spawn(program, args, {
    cwd: trainer,
    env: { ...process.env, ...env, ...more },
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** What the Python side answers until it ends. Raises StudioError('missing-tool') with its last words. */
export async function* answersOf(child: ChildProcess): AsyncGenerator<FarmAnswer, void, undefined> {
  let words = '';
  child.stderr!.on('data', (text) => (words = `${words}${String(text)}`.slice(-4000)));
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const read = FarmAnswer.safeParse(JSON.parse(line));
    if (read.success) yield read.data;
  }
  if ((await ended) === 0) return;
  throw new StudioError({
    code: 'missing-tool',
    message: 'The farm does not answer.',
    hint: 'See that "likeness farm start" still runs, and that this computer has its token.',
    detail: words.trim(),
  });
}
