import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Library } from '../src/main/studio/library/index.ts';
import { openStudio } from '../src/main/studio/studio.ts';

const root = join(import.meta.dirname, '..');
/** The program of the command line. */
export const CLI = join(root, 'src', 'main', 'cli', 'index.ts');

export interface Answer {
  readonly code: number | null;
  /** The one JSON document on standard output. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each test reads the fields it is about
  readonly json: any;
  readonly log: string;
}

export interface Started {
  readonly child: ChildProcess;
  /** Resolves when the log is so; rejects when the command ends first. */
  until(condition: (log: string) => boolean): Promise<void>;
  readonly answer: Promise<Answer>;
}

/** The command line as a user has it, on one library, always with --json; `cwd`: where it is run, else there. */
export function likenessOn(
  library: string,
  { cwd = library, env = process.env }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): {
  readonly start: (...args: string[]) => Started;
  readonly likeness: (...args: string[]) => Promise<Answer>;
} {
  function start(...args: string[]): Started {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', CLI, '--json', '--library', library, ...args],
      { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let out = '';
    let log = '';
    const listeners = new Set<() => void>();
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      for (const listen of listeners) listen();
    });
    const answer = new Promise<Answer>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (signal) return resolve({ code: null, json: undefined, log });
        try {
          resolve({ code, json: JSON.parse(out), log });
        } catch (cause) {
          reject(
            new Error(`likeness ${args.join(' ')} did not print one JSON document (exit ${code}):\n${out}\n${log}`, {
              cause,
            }),
          );
        }
      });
    });
    const until = (condition: (text: string) => boolean) =>
      new Promise<void>((resolve, reject) => {
        const listen = () => {
          if (!condition(log)) return;
          listeners.delete(listen);
          resolve();
        };
        listeners.add(listen);
        answer.then(
          ({ code, json }) => reject(new Error(`It ended too early (${code}): ${JSON.stringify(json)}\n${log}`)),
          reject,
        );
        listen();
      });
    return { child, until, answer };
  }
  return { start, likeness: (...args) => start(...args).answer };
}

/** What a command that goes on says at its start. */
export async function answerOf<Said>({ child, answer }: Started): Promise<Said> {
  let said = '';
  const told = new Promise<Said>((resolve) =>
    child.stdout!.on('data', (text: string) => {
      said += text;
      if (said.trimEnd().endsWith('}')) resolve(JSON.parse(said) as Said);
    }),
  );
  return Promise.race([
    told,
    answer.then(({ log }) => {
      throw new Error(`It ended before it had begun: ${log}`);
    }),
  ]);
}

/** The programs that a library's studio uses. */
export async function mediaTools(library: string): Promise<{ ffmpeg: string; ffprobe: string }> {
  const studio = openStudio({ libraryDir: library });
  try {
    return await studio.tools();
  } finally {
    await studio.close();
  }
}

/** The process that does the library's running job: the leader of a process group. */
export function workerOf(library: string): number {
  const open = new Library(library);
  try {
    const worker = open.jobs.unfinished().find(({ worker }) => worker !== null)?.worker;
    if (!worker) throw new Error('No job is running in this library.');
    return Number.parseInt(worker, 10);
  } finally {
    open.close();
  }
}

/** How many processes of a group are alive; those that only wait for a parent to take note of their end are not. */
export function alive(group: number): number {
  if (process.platform !== 'linux') {
    try {
      return process.kill(-group, 0) ? 1 : 0;
    } catch {
      return 0;
    }
  }
  const groups = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const [state, , processGroup] = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return state === 'Z' ? 0 : Number(processGroup);
      } catch {
        return 0; // it ended while we looked
      }
    });
  return groups.filter((processGroup) => processGroup === group).length;
}
