import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import type { CellFault } from '../../../shared/contract/lists.ts';
import { endingOf, FORMATS, refusedLook } from '../../../shared/domain/film/index.ts';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import { withoutControls } from '../../../shared/domain/plain-text.ts';
import { Script, unreadable } from '../../../shared/domain/script/index.ts';
import {
  CELLS,
  filmOf,
  SAYS,
  scriptOfText,
  speechOf,
  Unfit,
  type WrittenRow,
} from '../../../shared/domain/written/index.ts';
import type { StudioAvatars } from '../avatars/studio-avatars.ts';
import { isOfList } from '../export/index.ts';
import type { StudioProjects } from '../projects/studio-projects.ts';
import type { StudioVoices } from '../voices/studio-voices.ts';
import type { ListedFilm } from './listed-film.ts';
import type { TableRow } from './table.ts';

const LONGEST_CELL = 4096;
const MOST_TOLD = 10;

/** What is asked about what stands in a row. */
export interface Asked {
  readonly avatars: Pick<StudioAvatars, 'path'>;
  /** Where the exports of a project lie. */
  readonly exportsOf: (project: string) => string;
  readonly projects: Pick<StudioProjects, 'get'>;
  readonly voices: Pick<StudioVoices, 'list' | 'readText' | 'usual'>;
}

/**
 * Where a table lies. Paths in its cells are its folder's; one that a browser sent has no folder, and nobody may name
 * files of this computer from a browser: it names films alone, which go among the exports of their projects.
 */
export type Table =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'sent'; readonly path: string; readonly name: string };

/** Every row of a table as the film that it asks for, and all that cannot be, cell by cell. */
export async function filmsOf(
  asked: Asked,
  table: Table,
  rows: readonly TableRow[],
): Promise<{ readonly films: readonly ListedFilm[]; readonly faults: readonly CellFault[] }> {
  const faults: CellFault[] = [];
  const reader = new Rows(asked, table);
  const films: ListedFilm[] = [];
  for (const row of rows) {
    const film = await reader.film(row).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      faults.push({ row: row.row, column: error.column, message: error.message });
    });
    if (film) films.push(film);
  }
  faults.push(...outsTwice(films, resolve(table.path)));
  return { films, faults };
}

/** Raises StudioError('bad-request') that names the row and the column of all that cannot be. */
export function requireFaultless(faults: readonly CellFault[]): void {
  if (faults.length === 0) return;
  const told = faults
    .slice(0, MOST_TOLD)
    .map(({ row, column, message }) => `Row ${row}, column "${column}": ${message}`);
  const more = faults.length - MOST_TOLD;
  throw new StudioError({
    code: 'bad-request',
    message: [...told, ...(more > 0 ? [`... and ${more} more.`] : [])].join('\n'),
    hint: 'Nothing was made. Mend the table and give it again.',
  });
}

const A_NAME =
  'From a browser it is a name without folders: the film goes among the exports of its project. ' +
  'The desktop program and "likeness export --list" take paths.';
const NO_FILES =
  'A table that comes from a browser can name no files: write a text, ' +
  'or give the table to the desktop program or to "likeness export --list".';

class Fault extends Error {
  readonly column: string;

  constructor(column: string, message: string) {
    super(message);
    this.column = column;
  }
}

class Rows {
  readonly #asked: Asked;
  readonly #table: Table;
  /** By what a project is called: whether its video is there. */
  readonly #projects = new Map<string, Promise<boolean>>();
  #voices: Promise<ReadonlyMap<string, string>> | undefined;
  #usual: Promise<string> | undefined;

  constructor(asked: Asked, table: Table) {
    this.#asked = asked;
    this.#table = table;
  }

  /** Raises Fault. */
  async film({ row, cells }: TableRow): Promise<ListedFilm> {
    for (const [column, cell] of cells) if (column !== 'text') refuseOdd(column, cell);
    const project = needed(cells, 'project');
    const hasVideo = await told('project', () => this.#hasVideo(project));
    const parsed = parsedOf(cells);
    const out = await this.#out(project, needed(cells, 'out'));
    const look = this.#look(cells, parsed, out);
    if (look.mode === 'dub' && FORMATS[look.format].picture && !hasVideo)
      throw new Fault('project', 'Its video is not here: only a portrait can be made.');
    const says = await this.#says(cells, parsed);
    return {
      row,
      project,
      says,
      speech: speechOf({ ...parsed, mouthStrength: parsed['mouth-strength'] }),
      look,
      outPath: out,
    };
  }

  #hasVideo(project: string): Promise<boolean> {
    const { projects, avatars } = this.#asked;
    const known =
      this.#projects.get(project) ??
      Promise.resolve().then(() => {
        avatars.path(project); // raises where there is none
        return projects.get(project).then((detail) => detail.hasVideo);
      });
    this.#projects.set(project, known);
    return known;
  }

  #look(cells: TableRow['cells'], parsed: WrittenRow, out: string): ListedFilm['look'] {
    const film = filmOf({ ...parsed, out });
    const { title, ending } = FORMATS[film.format];
    if (endingOf(out) !== ending) throw new Fault('out', `${title} is written to a file that ends with ${ending}.`);
    if (isThere('out', out, 'isDirectory')) throw new Fault('out', 'This is a folder.');
    const refused = refusedLook(film);
    const asked = ['background', 'shape', 'height', 'format', 'preset'].find((column) => cells.has(column));
    if (refused) throw new Fault(asked ?? 'out', `${refused.message} ${refused.hint}`);
    const { background } = film;
    if (background.kind !== 'file') return film;
    return { ...film, background: { kind: 'file', path: this.#file('background', background.path) } };
  }

  async #says(cells: TableRow['cells'], parsed: WrittenRow): Promise<ListedFilm['says']> {
    const [column, ...others] = SAYS.filter((name) => cells.has(name));
    if (column === undefined)
      throw new Fault('text', 'It is not said what the avatar shall say: text, script or audio.');
    if (others[0]) throw new Fault(others[0], `There is "${column}" already: a film says one of them.`);
    const cell = cells.get(column)!;
    if (column === 'audio') {
      const odd = (['voice', 'speed', 'pause'] as const).find((name) => cells.has(name));
      if (odd) throw new Fault(odd, 'It is for a text that a voice speaks.');
      return { kind: 'path', path: this.#file(column, cell) };
    }
    const voice = parsed.voice ?? (await told('voice', () => (this.#usual ??= this.#asked.voices.usual())));
    await this.#requireVoice(voice);
    const how = { ...parsed, voice };
    const text = await told(column, async () =>
      column === 'text' ? cell : this.#asked.voices.readText(this.#file(column, cell)),
    );
    const script = scriptOfText(text, how);
    const refused = unreadable(script.text);
    if (refused) throw new Fault(column, `${refused.message} ${refused.hint}`);
    return { kind: 'script', script: Script.parse(script) };
  }

  async #requireVoice(name: string): Promise<void> {
    this.#voices ??= this.#asked.voices.list().then((all) => new Map(all.map((voice) => [voice.name, voice.state])));
    const state = (await this.#voices).get(name);
    if (state === 'present') return;
    if (state === undefined) throw new Fault('voice', `There is no voice "${name}".`);
    throw new Fault(
      'voice',
      `The voice "${name}" is not here yet: get it where a script is written, or by "likeness voices fetch".`,
    );
  }

  async #out(project: string, cell: string): Promise<string> {
    if (this.#table.kind === 'file') return resolve(dirname(this.#table.path), cell);
    if (!/^[^/\\:]+$/.test(cell) || basename(cell) !== cell || cell.startsWith('.')) throw new Fault('out', A_NAME);
    const path = join(this.#asked.exportsOf(project), cell);
    if (isThere('out', path, 'isFile') && !(await isOfList(path)))
      throw new Fault('out', 'There is an export of that name that no list made. Choose another name.');
    return path;
  }

  #file(column: string, cell: string): string {
    if (this.#table.kind === 'sent') throw new Fault(column, NO_FILES);
    const path = resolve(dirname(this.#table.path), cell);
    if (isThere(column, path, 'isFile')) return path;
    throw new Fault(column, `There is no file ${path}.`);
  }
}

function parsedOf(cells: TableRow['cells']): WrittenRow {
  const given = Object.entries(CELLS).filter(([column]) => cells.has(column));
  return Object.fromEntries(
    given.map(([column, parse]) => {
      try {
        return [column, parse(cells.get(column)!)];
      } catch (error) {
        throw error instanceof Unfit ? new Fault(column, error.message) : error;
      }
    }),
  );
}

/** Films that would take each other's place, or that of what they are made of. */
function outsTwice(films: readonly ListedFilm[], table: string): CellFault[] {
  const used = new Map<string, string>([[asName(table), 'the table itself']]);
  for (const { row, says, look } of films) {
    if (says.kind === 'path') used.set(asName(says.path), `what row ${row} says`);
    if (look.background.kind === 'file') used.set(asName(look.background.path), `the background of row ${row}`);
  }
  return films.flatMap(({ row, outPath }) => {
    const other = used.get(asName(outPath));
    if (other === undefined) used.set(asName(outPath), `the film of row ${row}`);
    return other === undefined ? [] : [{ row, column: 'out', message: `This is ${other}.` }];
  });
}

/** Two paths that some systems take for one. */
function asName(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function needed(cells: TableRow['cells'], column: string): string {
  const cell = cells.get(column);
  if (cell === undefined) throw new Fault(column, 'It is empty.');
  return cell;
}

function refuseOdd(column: string, cell: string): void {
  if (cell.length > LONGEST_CELL) throw new Fault(column, `It has more than ${LONGEST_CELL} characters.`);
  if (withoutControls(cell) !== cell || cell.includes('\n'))
    throw new Fault(column, 'It has control characters in it.');
}

/** What the studio refuses, as the fault of a cell. */
async function told<T>(column: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof StudioError ? new Fault(column, `${error.message} ${error.hint}`.trim()) : error;
  }
}

/** A path that the system cannot even look for is a fault of its cell. */
function isThere(column: string, path: string, kind: 'isFile' | 'isDirectory'): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.[kind]() ?? false;
  } catch (error) {
    const { code, message, hint } = asStudioError(error);
    throw code === 'internal' ? error : new Fault(column, `${message} ${hint}`);
  }
}
