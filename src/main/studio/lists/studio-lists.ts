import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { exitCodeFor, StudioError } from '../../../shared/contract/index.ts';
import type { ExportListResult, ListedResult } from '../../../shared/contract/lists.ts';
import type { Background } from '../../../shared/domain/film/index.ts';
import type { Script } from '../../../shared/domain/script/index.ts';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import { PLAIN_SPEECH, type Speech } from '../../../shared/domain/take.ts';
import type { FilmRequest, StudioAvatars } from '../avatars/studio-avatars.ts';
import { isMadeOf } from '../export/index.ts';
import type { Base } from '../ground/base.ts';
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
}

/** Lists of films, made one after the other as the jobs they are. */
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
    const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
      throw new StudioError({ code: 'not-found', message: `There is no table ${path}.`, hint: 'Check the path.' });
    });
    try {
      if ((await file.stat()).size > MOST_BYTES) throw tooLarge();
      return tableOf(await file.readFile(), ending === '.json' ? 'json' : 'csv', columns);
    } finally {
      await file.close();
    }
  }

  /**
   * Makes those that are not there yet, unchanged and of the same things, and keeps a table of what became of each. A
   * film that cannot be made is told there, and the next one is. Raises StudioError('cancelled') when it was stopped,
   * and the trouble of a computer that would meet every film: running it again goes on.
   */
  async make(films: readonly ListedFilm[], { table, signal, follow, onRow }: Making): Promise<ExportListResult> {
    const rows = films.map(waiting);
    const list = { results: resultsPath(table), rows };
    const hashes = new Map<string, Promise<string>>();
    const keep = () => writeWhole(list.results, resultsText(list));
    await keep();
    for (const [k, film] of films.entries()) {
      if (signal.aborted) throw stoppedAt(rows);
      try {
        rows[k] = { ...rows[k]!, ...(await this.#make(film, hashes, follow)) };
      } catch (cause) {
        if (signal.aborted) throw stoppedAt(rows);
        const error = asStudioError(cause);
        const state = error.code === 'cancelled' ? 'cancelled' : 'failed';
        rows[k] = { ...rows[k]!, state, error: error.toJSON() };
        if (state === 'failed' && exitCodeFor(error.code) !== 2) {
          await keep();
          throw cause;
        }
      }
      await keep();
      onRow(rows[k]!);
    }
    return list;
  }

  async #make(
    film: ListedFilm,
    hashes: Map<string, Promise<string>>,
    follow: Making['follow'],
  ): Promise<Pick<ListedResult, 'state' | 'frames' | 'seconds'>> {
    const { project, says, speech, look, outPath } = film;
    const madeOf = await this.#madeOf(film, hashes);
    if (await isMadeOf(outPath, madeOf)) return { state: 'there', frames: null, seconds: null };
    const path = says.kind === 'path' ? says.path : (await follow(await this.#voices.say(says))).path;
    const sound = { kind: 'path', path } as const;
    const made = await follow(this.#avatars.exportVideo(project, { sound, speech, ...look, outPath, madeOf }));
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
