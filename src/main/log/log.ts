import { join } from 'node:path';
import { inspect } from 'node:util';
import { StudioError, type WindowFault } from '../../shared/contract/index.ts';
import { type Bounds, RotatingFile } from './rotating-file.ts';

export interface LogOptions {
  readonly folder: string;
  /** Which program writes: "desktop", "command line". */
  readonly host: string;
  /** Takes names and paths out of a text. */
  readonly redact: (text: string) => string;
  readonly bounds?: Bounds;
}

/** Five megabytes are months of starts and jobs, and some days of a fault that comes back. */
const BOUNDS: Bounds = { bytes: 1_000_000, files: 5 };
/** What one entry may take, in characters. */
const ENTRY = 8000;
/** A fault in a loop must not push everything else out. */
const FAULTS_A_MINUTE = 60;

/**
 * What the program did and what went wrong, for somebody who is to find out why. An entry begins with time, kind, host
 * and process; its further lines are indented. Everything written is redacted.
 */
export class Log {
  readonly #file: RotatingFile;
  readonly #options: LogOptions;
  #minute = { since: 0, faults: 0 };

  constructor(options: LogOptions) {
    this.#options = options;
    this.#file = new RotatingFile(join(options.folder, 'likeness.log'), options.bounds ?? BOUNDS);
    open.add(this);
  }

  get path(): string {
    return this.#file.path;
  }

  /** Something happened as it should. */
  note(what: string): void {
    this.#write('note', what);
  }

  /** Something was refused or failed in a way that is provided for. */
  failure(where: string, error: unknown): void {
    this.#limited('failure', `${where}: ${textOf(error)}`);
  }

  /** Something happened that nobody expected. */
  fault(where: string, error: unknown): void {
    this.#limited('fault', `${where}: ${textOf(error)}`);
  }

  /** A fault that a window reports of itself. */
  windowFault({ where, message, stack }: WindowFault): void {
    const text = stack.includes(message) ? stack : `${message}\n${stack}`;
    this.#limited('fault', `window, ${where}: ${text.trim()}`);
  }

  /** The newest entries. */
  tail(bytes: number): string {
    return this.#file.tail(bytes);
  }

  /** Faults that nobody catches are no longer written here. */
  close(): void {
    open.delete(this);
  }

  #limited(kind: string, text: string): void {
    const now = performance.now();
    if (now - this.#minute.since >= 60_000) {
      const untold = this.#minute.faults - FAULTS_A_MINUTE;
      this.#minute = { since: now, faults: 0 };
      if (untold > 0) this.#write('note', `${untold} more failures and faults came in one minute and are not told`);
    }
    if (++this.#minute.faults <= FAULTS_A_MINUTE) this.#write(kind, text);
  }

  #write(kind: string, text: string): void {
    const { host, redact } = this.#options;
    const body = printable(redact(text)).slice(0, ENTRY).trimEnd().replaceAll(/\r?\n/g, '\n    ');
    this.#file.append(`${new Date().toISOString()} ${kind} ${host} ${process.pid} ${body}\n`);
  }
}

/** The logs of this process: faults that nobody catches belong into all of them. */
const open = new Set<Log>();

export function openLogs(): readonly Log[] {
  return [...open];
}

/** What there is to know of something thrown: words and detail, or the stack, and what it came of. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : inspect(error, { depth: 3 });
  const text =
    error instanceof StudioError
      ? `${error.code}: ${error.message}${error.detail === undefined ? '' : `\n${error.detail}`}`
      : (error.stack ?? `${error.name}: ${error.message}`);
  return error.cause === undefined ? text : `${text}\nof ${textOf(error.cause)}`;
}

/** Control characters could rewrite the terminal of whoever reads it. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\r\t]/gu, '�');
}
