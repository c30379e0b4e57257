import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { copyWhole } from '../ground/settle.ts';
import { endTree } from '../jobs/index.ts';
import { sha256Of } from '../library/index.ts';
import type { FarmAnswer, Made, OrderedFilm } from '../../../shared/contract/farm.ts';
import { answersOf, type Ray, startRay } from './ray.ts';

type Ended = Extract<FarmAnswer, { type: 'made' | 'failed' }>;

/** Films that are made on the computers of a farm, as many at a time as these offer. */
export class FarmFilms {
  readonly #child: ChildProcess;
  /** Where films are put that come back. */
  readonly #folder = mkdtempSync(join(tmpdir(), 'likeness-films-'));
  readonly #waiting = new Map<number, PromiseWithResolvers<Ended>>();
  readonly #avatars = new Map<string, Promise<string>>();
  readonly #hashes = new Map<string, Promise<string>>();
  #rows = 0;
  #lost: unknown;

  constructor(ray: Ray, address: string) {
    const words = ['-m', 'likeness_farm', 'films', address, this.#folder];
    this.#child = startRay(ray, ray.python, words);
    this.#child.stdin!.on('error', () => undefined); // how it ended says more
    void this.#listen();
  }

  /** A project's avatar with its consent as it is now, as a file that is kept until the end. */
  async avatar(project: string, write: (file: string) => Promise<unknown>): Promise<string> {
    const known = this.#avatars.get(project);
    if (known) return known;
    const file = join(this.#folder, `avatar-${this.#avatars.size}.likeness`);
    const written = write(file).then(() => file);
    this.#avatars.set(project, written);
    return written;
  }

  /**
   * Makes a film there and puts it, and what lies beside it, where it belongs, once `seal` is done with it; that is
   * told the SHA-256 of what was sent. Raises the StudioError that its program gave, what `seal` raises, and
   * StudioError('missing-tool') when there is no farm any more.
   */
  async film(
    film: OrderedFilm,
    files: ReadonlyMap<string, string>,
    outPath: string,
    seal: (path: string, sent: ReadonlyMap<string, string>) => Promise<unknown> = async () => undefined,
  ): Promise<Made> {
    const hashed = await Promise.all(
      [...files].map(async ([name, path]) => [name, { path, sha256: await this.#hash(path) }] as const),
    );
    if (this.#lost) throw this.#lost;
    const row = ++this.#rows;
    const ended = Promise.withResolvers<Ended>(); // nothing is waited for before it: a farm may be lost at any time
    this.#waiting.set(row, ended);
    this.#child.stdin!.write(`${JSON.stringify({ row, order: film, files: Object.fromEntries(hashed) })}\n`);
    const answer = await ended.promise;
    if (answer.type === 'failed') throw asError(answer.error);
    await seal(join(answer.folder, film.name), new Map(hashed.map(([name, { sha256 }]) => [name, sha256])));
    await this.#place(answer.folder, outPath);
    return { frames: answer.frames, seconds: answer.seconds };
  }

  /** Ends what still runs; the films that came are where they belong. */
  async close(): Promise<void> {
    if (this.#child.pid !== undefined) await endTree(this.#child.pid);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #listen(): Promise<void> {
    try {
      for await (const answer of answersOf(this.#child)) {
        if (answer.type === 'computers') continue;
        this.#waiting.get(answer.row)?.resolve(answer);
        this.#waiting.delete(answer.row);
      }
      this.#lost = new StudioError({ code: 'cancelled', message: 'The farm was left.', hint: '' });
    } catch (error) {
      this.#lost = error;
    }
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
  }

  /** The film comes last: where it is, all of it is. */
  async #place(folder: string, outPath: string): Promise<void> {
    const film = basename(outPath);
    const names = (await readdir(folder)).toSorted((a, b) => Number(a === film) - Number(b === film));
    for (const name of names) await copyWhole(join(folder, name), join(dirname(outPath), name));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #hash(path: string): Promise<string> {
    const known = this.#hashes.get(path) ?? sha256Of(path);
    this.#hashes.set(path, known);
    return known;
  }
}

function asError({ code, message, hint, detail }: Extract<Ended, { type: 'failed' }>['error']): StudioError {
  return new StudioError({
    code: code ?? 'interrupted',
    message: message ?? 'A computer of the farm could not make this film.',
    hint: hint ?? 'See "likeness farm status", then give the same command again.',
    ...(detail === undefined ? {} : { detail }),
  });
}
