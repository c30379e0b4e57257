/** The one way in which ffmpeg and ffprobe are started. Arguments are always a list, never a line for a shell. */
import { spawn } from 'node:child_process';
import { Readable, type Writable } from 'node:stream';
import { MEDIA_CONTAINERS } from '../../../shared/format/index.ts';
import { toolEnvironment } from './tool-environment.ts';

/** How a program ended. */
export type Ending =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'not-started'; readonly reason: string };

export interface Ended {
  readonly ending: Ending;
  /** How it was started, to be read. */
  readonly command: string;
  /** The last of what it wrote to standard error. */
  readonly log: string;
}

export interface Program {
  /** Null unless asked for. */
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  /** Comes, however it ended, once the process is gone and its output read. Never rejects. */
  readonly ended: Promise<Ended>;
  /** At once; nothing more comes out of it. */
  kill(): void;
}

export interface ProgramOptions {
  /** Which of its streams are wanted. */
  readonly stdin?: boolean;
  readonly stdout?: boolean;
  /** Kills it. */
  readonly signal?: AbortSignal | undefined;
}

const LOG_CHARACTERS = 16_384;

function asWord(part: string): string {
  if (part === MEDIA_CONTAINERS) return '(format/media.json)';
  return /\s/.test(part) ? JSON.stringify(part) : part;
}

/** Raises nothing: a program that cannot be started has ended so. */
export function startProgram(
  path: string,
  args: readonly string[],
  { stdin = false, stdout = false, signal }: ProgramOptions = {},
): Program {
  const child = spawn(path, args, {
    windowsHide: true,
    env: toolEnvironment(process.env),
    stdio: [stdin ? 'pipe' : 'ignore', stdout ? 'pipe' : 'ignore', 'pipe'],
  });
  const command = [path, ...args].map(asWord).join(' ');
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-LOG_CHARACTERS)));
  // A broken pipe is no news of its own: how the program ended says why.
  for (const stream of child.stdio ?? []) stream?.on('error', () => undefined);
  const kill = (): void => {
    child.kill('SIGKILL');
    // What it started itself may hold the other ends open.
    for (const stream of child.stdio ?? []) stream?.destroy();
  };
  const { promise: ended, resolve } = Promise.withResolvers<Ended>();
  child.on('error', ({ message }) => {
    if (child.pid === undefined) resolve({ ending: { kind: 'not-started', reason: message }, command, log });
  });
  child.once('close', (code, killedBy) => {
    signal?.removeEventListener('abort', kill);
    const ending: Ending = killedBy ? { kind: 'killed', signal: killedBy } : { kind: 'exited', code: code ?? 1 };
    resolve({ ending, command, log });
  });
  if (signal?.aborted) kill();
  else signal?.addEventListener('abort', kill, { once: true });
  // Where there are no more processes or files to be had, there are no streams either.
  return { stdin: child.stdin, stdout: child.stdout ?? (stdout ? Readable.from([]) : null), ended, kill };
}

/** All that a program writes; for answers of a few megabytes at most. */
export async function readProgram(
  path: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Ended & { readonly output: string }> {
  const { stdout, ended } = startProgram(path, args, { stdout: true, signal });
  let output = '';
  stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { ...(await ended), output };
}
