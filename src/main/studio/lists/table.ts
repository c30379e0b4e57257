import { type CsvError, type InfoRecord, parse } from 'csv-parse/sync';
import { StudioError } from '../../../shared/contract/index.ts';
import { decodedText, withoutControls } from '../../../shared/domain/plain-text.ts';

/** A row of a table: its cells that hold something, by column, trimmed. */
export interface TableRow {
  /** As a spreadsheet counts, the header being 1; of JSON the first is 1. */
  readonly row: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** Bytes, and rows: more than anybody has films to make. */
export const MOST_BYTES = 8e6;
const MOST_ROWS = 10_000;
const DELIMITERS = [',', ';', '\t'] as const;

/**
 * The rows of a table: CSV with commas, semicolons or tabs, whichever its first line has, or a JSON array of objects,
 * whose values are texts and numbers. Rows without a word are left out. Raises StudioError('bad-request') for anything
 * else, for a column that is not among `columns`, and for a row with more or fewer cells than there are columns.
 */
export function tableOf(bytes: Uint8Array, kind: 'csv' | 'json', columns: readonly string[]): TableRow[] {
  if (bytes.length > MOST_BYTES) throw tooLarge();
  const text = textOf(bytes);
  const rows = (kind === 'json' ? rowsOfJson(text, columns) : rowsOfCsv(text, columns)).filter(
    ({ cells }) => cells.size > 0,
  );
  if (rows.length > MOST_ROWS) throw tooLarge();
  if (rows.length > 0) return rows;
  throw refused('There is no row in this table.', 'Write one for each film.');
}

export function tooLarge(): StudioError {
  return refused(
    `This table is too large: ${MOST_BYTES / 1e6} MB and ${MOST_ROWS.toLocaleString('en')} rows are most.`,
    'Make several of it.',
  );
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodedText(bytes);
  } catch (cause) {
    throw refused('This table is no text.', 'Save it as CSV in UTF-8.', cause);
  }
}

function rowsOfCsv(text: string, columns: readonly string[]): TableRow[] {
  const { header, records } = csvRecords(text);
  const names = header.map((name) => known(name.trim().toLowerCase(), columns));
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) throw refused(`The column "${twice}" is there twice.`, 'Leave one of them out.');
  return records.map((record, k) => {
    const row = k + 2;
    if (record.every((cell) => cell.trim() === '')) return { row, cells: new Map() };
    if (record.length > names.length)
      throw refused(`Row ${row} goes on behind the last column, "${names.at(-1)}".`, QUOTED);
    if (record.length < names.length)
      throw refused(`Row ${row} ends before the column "${names[record.length]}".`, QUOTED);
    return { row, cells: cellsOf(record.map((cell, column) => [names[column]!, cell])) };
  });
}
const QUOTED = 'Every row has a cell for each column; one that holds a comma or a line break is put in quotes.';

function csvRecords(text: string): { readonly header: readonly string[]; readonly records: readonly string[][] } {
  const first = /^[^\r\n]*/.exec(text)![0];
  const delimiter = DELIMITERS.find((one) => first.includes(one)) ?? ',';
  try {
    const [header = [], ...records] = parse(text, { delimiter, relax_column_count: true }) as string[][];
    return { header, records };
  } catch (error) {
    const { lines } = error as CsvError & Partial<InfoRecord>;
    throw refused(
      `The quotes of this table do not go together${lines === undefined ? '' : `, near line ${lines}`}.`,
      'A cell with quotes in it is put in quotes, and each of its own is written twice.',
      error,
    );
  }
}

function rowsOfJson(text: string, columns: readonly string[]): TableRow[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refused('This table is no JSON.', 'Give an array of objects.', cause);
  }
  if (!Array.isArray(json)) throw refused('This table is no array.', 'Give an array of objects, one for each film.');
  return json.map((item: unknown, k) => {
    const row = k + 1;
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw refused(`Row ${row} is no object.`, 'Give an array of objects, one for each film.');
    const cells = Object.entries(item).map(([name, value]: [string, unknown]): [string, string] => {
      const column = known(name, columns, row);
      if (value === null) return [column, ''];
      if (typeof value === 'string' || typeof value === 'number') return [column, String(value)];
      throw refused(`Row ${row}, column "${column}": this is neither a text nor a number.`, 'Write it as a text.');
    });
    return { row, cells: cellsOf(cells) };
  });
}

function cellsOf(cells: readonly (readonly [string, string])[]): Map<string, string> {
  return new Map(cells.map(([name, cell]) => [name, cell.trim()] as const).filter(([, cell]) => cell !== ''));
}

function known(name: string, columns: readonly string[], row?: number): string {
  if (columns.includes(name)) return name;
  const shown = withoutControls(name).slice(0, 40);
  throw refused(
    `${row === undefined ? 'There' : `Row ${row}: there`} is no column "${shown}".`,
    `There are: ${columns.join(', ')}.`,
  );
}

function refused(message: string, hint: string, cause?: unknown): StudioError {
  const detail = cause instanceof Error ? { detail: cause.message } : {};
  return new StudioError({ code: 'bad-request', message, hint, ...detail }, { cause });
}
