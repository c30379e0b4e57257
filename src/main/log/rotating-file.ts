import { appendFileSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Bounds {
  /** A file that has grown beyond this is put aside. */
  readonly bytes: number;
  /** How many there are at most, the one being written included. */
  readonly files: number;
}

/**
 * A process that holds the lock for longer has died in the middle: renaming takes no time. So has one that holds it
 * since a time to come, from before the clock was set back.
 */
const LOCK_EXPIRES_MS = 10_000;

/** A pipe in the place of a log is not waited for. Windows has none. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;

/**
 * Lines at the end of a file that is put aside when it is full: `a.log` becomes `a.1.log`, the oldest goes.
 *
 * Every line is one append to the file of that name, so that lines of several processes stay whole, none is lost to
 * another's renaming, and what was written before a crash is on the disk. Nothing here ever raises: a full disk or a
 * folder that may not be written to must not end what is being logged.
 */
export class RotatingFile {
  readonly path: string;
  readonly #bounds: Bounds;

  constructor(path: string, bounds: Bounds) {
    this.path = path;
    this.#bounds = bounds;
  }

  append(text: string): void {
    try {
      if (!existsSync(dirname(this.path))) mkdirSync(dirname(this.path)); // the library's folder is there
      if (this.#full()) this.#putAside();
      addTo(this.path, text);
    } catch {
      // there is nowhere left to say it
    }
  }

  /** The last `bytes` at most, from the beginning of a line on. */
  tail(bytes: number): string {
    const newest = read(this.path);
    const all = Buffer.byteLength(newest) < bytes ? read(this.#aside(1)) + newest : newest;
    const end = Buffer.from(all).subarray(-bytes).toString('utf8');
    return end.length === all.length ? end : end.slice(end.indexOf('\n') + 1);
  }

  #full(): boolean {
    return (statSync(this.path, { throwIfNoEntry: false })?.size ?? 0) >= this.#bounds.bytes;
  }

  /** One process renames; the others write on meanwhile, a little above the bound. */
  #putAside(): void {
    const lock = `${this.path}.lock`;
    if (!take(lock)) return;
    try {
      if (!this.#full()) return; // another one was quicker
      const { files } = this.#bounds;
      rmSync(this.#aside(files - 1), { force: true });
      for (let place = files - 2; place >= 0; place--) move(this.#aside(place), this.#aside(place + 1));
    } finally {
      rmSync(lock, { force: true });
    }
  }

  #aside(place: number): string {
    return place === 0 ? this.path : this.path.replace(/(\.[^.]*)?$/, `.${place}$1`);
  }
}

function addTo(path: string, text: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | NO_WAIT, 0o600);
  try {
    appendFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx'));
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    const expired = since !== undefined && Math.abs(Date.now() - since) > LOCK_EXPIRES_MS;
    if (expired) rmSync(lock, { force: true }); // free next time
    return false;
  }
}

function move(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to);
}

function read(path: string): string {
  try {
    return readFileSync(path, { encoding: 'utf8', flag: constants.O_RDONLY | NO_WAIT });
  } catch {
    return '';
  }
}
