import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { exitCodeFor, StudioError } from '../../../shared/contract/index.ts';
import type { CellFault, ExportListResult, ListedResult, ListRow, ListView } from '../../../shared/contract/lists.ts';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import { PLAIN_SPEECH } from '../../../shared/domain/take.ts';
import { LIST_COLUMNS } from '../../../shared/domain/written/index.ts';
import type { StudioAvatars } from '../avatars/studio-avatars.ts';
import { withSigning } from '../credentials/index.ts';
import { isMadeOf, sealReturned } from '../export/index.ts';
import type { FarmFilms } from '../farm/farm-films.ts';
import type { Base } from '../ground/base.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { requireFile } from '../ground/require-file.ts';
import { writeWhole } from '../ground/settle.ts';
import type { JobHandle } from '../jobs/index.ts';
import { sha256Of } from '../library/index.ts';
import type { StudioProjects } from '../projects/studio-projects.ts';
import type { StudioVoices } from '../voices/studio-voices.ts';
import { ListInHand } from './in-hand.ts';
import type { ListedFilm } from './listed-film.ts';
import { resultsPath, resultsText } from './results.ts';
import { type Asked, filmsOf, requireFaultless, type Table } from './rows.ts';
import { shownRow } from './shown-row.ts';
import { MOST_BYTES, tableOf, type TableRow, tooLarge } from './table.ts';

export interface Making {
  /** The table of results. */
  readonly results: string;
  /** Ends the list, and the film that is being made. */
  readonly signal: AbortSignal;
  /** Waits for a job of a film, and shows it. */
  readonly follow: <Result>(job: JobHandle<Result>, film: ListedFilm) => Promise<Result>;
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
  readonly #asked: Asked;
  #inHand: ListInHand | null = null;

  constructor(base: Base, projects: StudioProjects, avatars: StudioAvatars, voices: StudioVoices) {
    this.#base = base;
    this.#avatars = avatars;
    this.#voices = voices;
    const { library } = base;
    const exportsOf = (project: string): string => library.paths.exports(library.projects.find(project).id);
    this.#asked = { projects, avatars, voices, exportsOf };
  }

  /**
   * The films of a .csv, .tsv or .json file. Raises StudioError('not-found' | 'bad-request'), which names all that is
   * wrong with it.
   */
  async films(table: Table): Promise<readonly ListedFilm[]> {
    const { films, faults } = await filmsOf(this.#asked, table, await this.#read(table.path));
    requireFaultless(faults);
    return films;
  }

  /** The rows of such a file as they stand there, and what is wrong with them. Raises for what is no table. */
  async check(table: Table): Promise<{ readonly rows: ListRow[]; readonly faults: CellFault[] }> {
    const rows = await this.#read(table.path);
    const { faults } = await filmsOf(this.#asked, table, rows);
    return { rows: rows.map(shownRow), faults: faults.toSorted((a, b) => a.row - b.row) };
  }

  /**
   * Makes the films of a table, as `make` does, for whoever follows `newest`. Raises as `films` does, and
   * StudioError('busy') while another list is being made.
   */
  async begin(table: Table): Promise<ListView> {
    const films = await this.films(table);
    if (table.kind === 'sent') makeFolder(this.#base.library.paths.lists);
    if (this.#inHand?.view.state.kind === 'running')
      throw new StudioError({
        code: 'busy',
        message: 'The films of another table are being made.',
        hint: 'Wait for them, or cancel them first.',
      });
    const name = basename(table.kind === 'sent' ? table.name : table.path);
    const results = this.resultsOf(table);
    this.#inHand = new ListInHand(
      { name, results },
      films,
      (making) => this.make(films, { results, ...making }),
      () => this.#base.notify({ kind: 'lists' }),
    );
    this.#base.notify({ kind: 'lists' });
    return this.#inHand.view;
  }

  /** The list that `begin` began last, however it ended. */
  newest(): ListView | null {
    return this.#inHand?.view ?? null;
  }

  /** Ends a list that `begin` began; nothing where it is over. */
  stop(id: string): void {
    if (this.#inHand?.view.id === id) this.#inHand.stop();
  }

  /** No film is begun any more. Resolves when the one that is being made, which the jobs end, has ended. */
  async close(): Promise<void> {
    await this.#inHand?.close();
  }

  /** Where the table of results lies: beside the table, and of one that was sent in the library. */
  resultsOf(table: Table): string {
    return resultsPath(table.kind === 'file' ? table.path : join(this.#base.library.paths.lists, basename(table.name)));
  }

  async #read(path: string): Promise<TableRow[]> {
    const ending = extname(path).toLowerCase();
    if (!['.csv', '.tsv', '.json'].includes(ending))
      throw new StudioError({
        code: 'bad-request',
        message: 'A list is a table in CSV or JSON.',
        hint: 'Give a file that ends with .csv, .tsv or .json.',
      });
    if ((await requireFile(path)).size > MOST_BYTES) throw tooLarge();
    return tableOf(await readFile(path), ending === '.json' ? 'json' : 'csv', LIST_COLUMNS);
  }

  /**
   * Makes those that are not there yet, unchanged and of the same things, and keeps a table of what became of each. A
   * film that cannot be made is told there, and the next one is. Raises StudioError('cancelled') when it was stopped,
   * and the trouble of a computer that would meet every film: running it again goes on.
   */
  async make(films: readonly ListedFilm[], making: Making): Promise<ExportListResult> {
    const { results, signal, onRow } = making;
    const rows = films.map(waiting);
    const list = { results, rows };
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
    { follow, farm, signal }: Making,
    here: ReturnType<typeof inTurn>,
  ): Promise<Pick<ListedResult, 'state' | 'frames' | 'seconds'>> {
    const { project, says, speech, look, outPath } = film;
    const madeOf = await this.#madeOf(film, hashes);
    if (await isMadeOf(outPath, madeOf)) return { state: 'there', frames: null, seconds: null };
    const { path, times } =
      says.kind === 'path'
        ? { ...says, times: null }
        : await here(async () => follow(await this.#voices.say(says), film));
    if (farm && look.mode === 'portrait') {
      const { background } = look;
      const avatar = await farm.avatar(project, (file) => this.#avatars.exportBundle(project, file));
      const files = new Map([
        ['avatar', avatar],
        ['sound', path],
      ]);
      if (times !== null) files.set('times', times);
      if (background.kind === 'file') files.set('background', background.path);
      const order = { name: basename(outPath), look, speech, madeOf };
      const made = await farm.film(order, files, outPath, async (film, sent) => {
        const { library, installation, tools } = this.#base;
        const { format } = look;
        const asked = {
          avatarPath: avatar,
          sound: sent.get('sound')!,
          background: sent.get('background'),
          spoken: times !== null,
        };
        await withSigning(
          { installation, tools: await tools(), folder: library.paths.credentials },
          library.settings.get().credentials,
          (signing) => sealReturned(film, { ...asked, madeOf, mode: 'portrait', format }, signing),
          signal,
        );
      });
      return { state: 'made', ...made };
    }
    const sound = { kind: 'path', path, ...(times === null ? {} : { times }) } as const;
    const wish = { sound, speech, ...look, outPath, madeOf };
    const made = await here(() => follow(this.#avatars.exportVideo(project, wish), film));
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
    hint: 'Give the same table again to go on.',
  });
}
