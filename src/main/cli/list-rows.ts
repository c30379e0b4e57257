import { InvalidArgumentError } from 'commander';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StudioError } from '../../shared/contract/index.ts';
import {
  endingOf,
  FilmFormat,
  FilmPreset,
  FORMATS,
  Quality,
  refusedLook,
  Shape,
} from '../../shared/domain/film/index.ts';
import { withoutControls } from '../../shared/domain/plain-text.ts';
import { PAUSE, Script, SPEED, unreadable } from '../../shared/domain/script/index.ts';
import type { ListedFilm, Studio } from '../studio/studio.ts';
import { pictureHeight } from './arguments.ts';
import { backgroundOf, filmOf } from './film-options.ts';
import { mouthStrength, speechOf, style, temperature } from './speech-options.ts';
import { scriptOf, scriptOfText, usualVoice, within } from './voice-options.ts';

/** What can be said in one cell: each is the option of `export` that is called so. */
const PARSE = {
  voice: plain,
  speed: within(SPEED),
  pause: within(PAUSE),
  style,
  'mouth-strength': mouthStrength,
  temperature,
  mode: oneOf(['dub', 'portrait']),
  preset: oneOf(FilmPreset.options),
  format: oneOf(FilmFormat.options),
  quality: oneOf(Quality.options),
  height: pictureHeight,
  shape: oneOf(Shape.options),
  background: backgroundOf,
} as const;
type Parsed = { readonly [Column in keyof typeof PARSE]?: ReturnType<(typeof PARSE)[Column]> };

/** What a film says; a row has one of them. */
const SAYS = ['text', 'script', 'audio'] as const;
/** Of a list's table. */
export const COLUMNS: readonly string[] = ['project', ...SAYS, ...Object.keys(PARSE), 'out'];

const LONGEST_CELL = 4096;
const MOST_TOLD = 10;

export type Row = Awaited<ReturnType<Studio['lists']['read']>>[number];

/**
 * Every row of a table as the film that it asks for; paths are the table's folder's. Raises StudioError('bad-request')
 * that names the row and the column of all that cannot be.
 */
export async function filmsOf(studio: Studio, table: string, rows: readonly Row[]): Promise<ListedFilm[]> {
  const faults: string[] = [];
  const reader = new Rows(studio, table);
  const films: ListedFilm[] = [];
  for (const row of rows) {
    const film = await reader.film(row).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      faults.push(`Row ${row.row}, column "${error.column}": ${error.message}`);
    });
    if (film) films.push(film);
  }
  faults.push(...outsTwice(films, resolve(table)));
  if (faults.length === 0) return films;
  const more = faults.length - MOST_TOLD;
  throw new StudioError({
    code: 'bad-request',
    message: [...faults.slice(0, MOST_TOLD), ...(more > 0 ? [`... and ${more} more.`] : [])].join('\n'),
    hint: 'Nothing was made. Mend the table and give it again.',
  });
}

class Fault extends Error {
  readonly column: string;

  constructor(column: string, message: string) {
    super(message);
    this.column = column;
  }
}

class Rows {
  readonly #studio: Studio;
  readonly #folder: string;
  /** By what a project is called: whether its video is there. */
  readonly #projects = new Map<string, Promise<boolean>>();
  #voices: Promise<ReadonlyMap<string, string>> | undefined;
  #usual: Promise<string> | undefined;

  constructor(studio: Studio, table: string) {
    this.#studio = studio;
    this.#folder = dirname(resolve(table));
  }

  /** Raises Fault. */
  async film({ row, cells }: Row): Promise<ListedFilm> {
    for (const [column, cell] of cells) if (column !== 'text') refuseOdd(column, cell);
    const project = needed(cells, 'project');
    const hasVideo = await told('project', () => this.#hasVideo(project));
    const parsed = parsedOf(cells);
    const out = resolve(this.#folder, needed(cells, 'out'));
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
    const { projects, avatars } = this.#studio;
    const known =
      this.#projects.get(project) ??
      Promise.resolve().then(() => {
        avatars.path(project); // raises where there is none
        return projects.get(project).then((detail) => detail.hasVideo);
      });
    this.#projects.set(project, known);
    return known;
  }

  #look(cells: Row['cells'], parsed: Parsed, out: string): ListedFilm['look'] {
    const film = filmOf({ ...parsed, out });
    const { title, ending } = FORMATS[film.format];
    if (endingOf(out) !== ending) throw new Fault('out', `${title} is written to a file that ends with ${ending}.`);
    if (isThere(out, 'isDirectory')) throw new Fault('out', 'This is a folder.');
    const refused = refusedLook(film);
    const asked = ['background', 'shape', 'height', 'format', 'preset'].find((column) => cells.has(column));
    if (refused) throw new Fault(asked ?? 'out', `${refused.message} ${refused.hint}`);
    const { background } = film;
    if (background.kind !== 'file') return film;
    return { ...film, background: { kind: 'file', path: this.#file('background', background.path) } };
  }

  async #says(cells: Row['cells'], parsed: Parsed): Promise<ListedFilm['says']> {
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
    const voice = parsed.voice ?? (await told('voice', () => (this.#usual ??= usualVoice(this.#studio))));
    await this.#requireVoice(voice);
    const how = { ...parsed, voice };
    const script = await told(column, () =>
      column === 'text' ? scriptOfText(this.#studio, cell, how) : scriptOf(this.#studio, this.#file(column, cell), how),
    );
    const refused = unreadable(script.text);
    if (refused) throw new Fault(column, `${refused.message} ${refused.hint}`);
    return { kind: 'script', script: Script.parse(script) };
  }

  async #requireVoice(name: string): Promise<void> {
    this.#voices ??= this.#studio.voices.list().then((all) => new Map(all.map((voice) => [voice.name, voice.state])));
    const state = (await this.#voices).get(name);
    if (state === 'present') return;
    if (state === undefined) throw new Fault('voice', `There is no voice "${name}". See "likeness voices list".`);
    throw new Fault('voice', `The voice "${name}" is not here yet: "likeness voices fetch ${name} --agree".`);
  }

  #file(column: string, cell: string): string {
    const path = resolve(this.#folder, cell);
    if (isThere(path, 'isFile')) return path;
    throw new Fault(column, `There is no file ${path}.`);
  }
}

function parsedOf(cells: Row['cells']): Parsed {
  const given = Object.entries(PARSE).filter(([column]) => cells.has(column));
  return Object.fromEntries(
    given.map(([column, parse]) => {
      try {
        return [column, parse(cells.get(column)!)];
      } catch (error) {
        throw error instanceof InvalidArgumentError ? new Fault(column, error.message) : error;
      }
    }),
  );
}

/** Films that would take each other's place, or that of what they are made of. */
function outsTwice(films: readonly ListedFilm[], table: string): string[] {
  const used = new Map<string, string>([[asName(table), 'the table itself']]);
  for (const { row, says, look } of films) {
    if (says.kind === 'path') used.set(asName(says.path), `what row ${row} says`);
    if (look.background.kind === 'file') used.set(asName(look.background.path), `the background of row ${row}`);
  }
  return films.flatMap(({ row, outPath }) => {
    const other = used.get(asName(outPath));
    if (other === undefined) used.set(asName(outPath), `the film of row ${row}`);
    return other === undefined ? [] : [`Row ${row}, column "out": This is ${other}.`];
  });
}

/** Two paths that some systems take for one. */
function asName(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function needed(cells: Row['cells'], column: string): string {
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

function isThere(path: string, kind: 'isFile' | 'isDirectory'): boolean {
  return statSync(path, { throwIfNoEntry: false })?.[kind]() ?? false;
}

function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`It must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}.`);
  };
}

function plain(text: string): string {
  return text;
}
