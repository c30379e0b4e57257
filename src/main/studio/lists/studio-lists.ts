import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { exitCodeFor, StudioError } from '../../../shared/contract/index.ts';
import type { ExportListResult, ListedResult } from '../../../shared/contract/lists.ts';
import type { Background } from '../../../shared/domain/film/index.ts';
import type { Script } from '../../../shared/domain/script/index.ts';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import { PLAIN_SPEECH, type Speech } from '../../../shared/domain/take.ts';
import type { FilmRequest, StudioAvatars } from '../avatars/studio-avatars.ts';
import { isMadeOf } from '../export/index.ts';
import type { FarmFilms } from '../farm/farm-films.ts';
import type { Base } from '../ground/base.ts';
import { requireFile } from '../ground/require-file.ts';
import { writeWhole } from '../ground/settle.ts';
import type { JobHandle } from '../jobs/index.ts';
import { sha256Of } from '../library/index.ts';
import type { StudioVoices } from '../voices/studio-voices.ts';
import { resultsPath, resultsText } from './results.ts';
import { MOST_BYTES, tableOf, type TableRow, tooLarge } from './table.ts';

/** A film that a list asks for. */
export interface ListedFilm {
  readonly row: number;
  /** An id or unique name. */
  readonly project: string;
  readonly says:
    { readonly kind: 'script'; readonly script: Script } | { readonly kind: 'path'; readonly path: string };
  readonly speech: Partial<Speech>;
  readonly look: Required<Pick<FilmRequest, 'mode' | 'height' | 'shape' | 'format' | 'quality'>> & {
    readonly background: Background;
  };
  readonly outPath: string;
}

export interface Making {
  /** The table that they stand in; the results lie beside it. */
  readonly table: string;
  /** Ends the list, and the film that is being made. */
  readonly signal: AbortSignal;
  /** Waits for a job, and shows it. */
  readonly follow: <Result>(job: JobHandle<Result>) => Promise<Result>;
  /** Told of every row that comes to its end. */
  readonly onRow: (result: ListedResult) => void;
  /** Other computers, which make portraits as many at a time as they can; dubs need the video, and are made here. */
  readonly farm?: FarmFilms | undefined;
}

/** Lists of films, made one after the other as the jobs they are, or by a farm. */
export class StudioLists {
  readonly #base: Base;
  readonly #avatars: StudioAvatars;
  readonly #voices: StudioVoices;

  constructor(base: Base, avatars: StudioAvatars, voices: StudioVoices) {
    this.#base = base;
    this.#avatars = avatars;
    this.#voices = voices;
  }

  /** The rows of a .csv, .tsv or .json file. Raises StudioError('not-found' | 'bad-request'), as `tableOf` does. */
  async read(path: string, columns: readonly string[]): Promise<TableRow[]> {
    const ending = extname(path).toLowerCase();
    if (!['.csv', '.tsv', '.json'].includes(ending))
      throw new StudioError({
        code: 'bad-request',
        message: 'A list is a table in CSV or JSON.',
        hint: 'Give a file that ends with .csv, .tsv or .json.',
      });
    if ((await requireFile(path)).size > MOST_BYTES) throw tooLarge();
    return tableOf(await readFile(path), ending === '.json' ? 'json' : 'csv', columns);
  }

  /**
   * Makes those that are not there yet, unchanged and of the same things, and keeps a table of what became of each. A
   * film that cannot be made is told there, and the next one is. Raises StudioError('cancelled') when it was stopped,
   * and the trouble of a computer that would meet every film: running it again goes on.
   */
  async make(films: readonly ListedFilm[], making: Making): Promise<ExportListResult> {
    const { table, signal, onRow } = making;
    const rows = films.map(waiting);
    const list = { results: resultsPath(table), rows };
    const hashes = new Map<string, Promise<string>>();
    const keep = inTurn();
    const written = (): Promise<void> => keep(() => writeWhole(list.results, resultsText(list)));
    const here = inTurn();
    const one = async (k: number): Promise<void> => {
      if (signal.aborted) throw stoppedAt(rows);
      try {
        rows[k] = { ...rows[k]!, ...(await this.#make(films[k]!, hashes, making, here)) };
      } catch (cause) {
        if (signal.aborted) throw stoppedAt(rows);
        const error = asStudioError(cause);
        const state = error.code === 'cancelled' ? 'cancelled' : 'failed';
        rows[k] = { ...rows[k]!, state, error: error.toJSON() };
        if (state === 'failed' && exitCodeFor(error.code) !== 2) {
          await written();
          throw cause;
        }
      }
      await written();
      onRow(rows[k]!);
    };
    await written();
    let next = 0;
    const oneByOne = async (): Promise<void> => {
      while (next < films.length) await one(next++);
    };
    await Promise.all(Array.from({ length: making.farm ? films.length : 1 }, oneByOne));
    return list;
  }

  async #make(
    film: ListedFilm,
    hashes: Map<string, Promise<string>>,
    { follow, farm }: Making,
    here: ReturnType<typeof inTurn>,
  ): Promise<Pick<ListedResult, 'state' | 'frames' | 'seconds'>> {
    const { project, says, speech, look, outPath } = film;
    const madeOf = await this.#madeOf(film, hashes);
    if (await isMadeOf(outPath, madeOf)) return { state: 'there', frames: null, seconds: null };
    const path = says.kind === 'path' ? says.path : (await here(async () => follow(await this.#voices.say(says)))).path;
    if (farm && look.mode === 'portrait') {
      const { background } = look;
      const avatar = await farm.avatar(project, (file) => this.#avatars.exportBundle(project, file));
      const files = new Map([
        ['avatar', avatar],
        ['sound', path],
      ]);
      if (background.kind === 'file') files.set('background', background.path);
      const made = await farm.film({ name: basename(outPath), look, speech, madeOf }, files, outPath);
      return { state: 'made', ...made };
    }
    const sound = { kind: 'path', path } as const;
    const wish = { sound, speech, ...look, outPath, madeOf };
    const made = await here(() => follow(this.#avatars.exportVideo(project, wish)));
    return { state: 'made', frames: made.frames, seconds: made.seconds };
  }

  /** SHA-256 over all that a film is made of: files by what is in them, whatever they are called. */
  async #madeOf({ project, says, speech, look }: ListedFilm, hashes: Map<string, Promise<string>>): Promise<string> {
    const hashOf = (path: string): Promise<string> => {
      const known = hashes.get(path) ?? sha256Of(path);
      hashes.set(path, known);
      return known;
    };
    const { sourceSha256, source } = this.#base.library.projects.find(project);
    const { mode, height, shape, format, quality, background } = look;
    const parts = [
      await hashOf(this.#avatars.path(project)),
      mode === 'dub' ? [sourceSha256, source.streams?.picture ?? null] : null,
      says.kind === 'script' ? says.script : await hashOf(says.path),
      { ...PLAIN_SPEECH, ...speech },
      [mode, height, shape, format, quality],
      background.kind === 'file' ? await hashOf(background.path) : background,
    ];
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  }
}

/** Runs what it is given one after the other. */
function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

function waiting({ row, project, outPath: out }: ListedFilm): ListedResult {
  return { row, project, out, state: 'waiting', frames: null, seconds: null, error: null };
}

function stoppedAt(rows: readonly ListedResult[]): StudioError {
  const there = rows.filter(({ state }) => state === 'made' || state === 'there').length;
  return new StudioError({
    code: 'cancelled',
    message: `The list was stopped: ${there} of ${rows.length} films are there.`,
    hint: 'Give the same command again to go on.',
  });
}
