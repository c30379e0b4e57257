import { basename, dirname, extname, join } from 'node:path';
import type { ExportListResult, ListedResult } from '../../../shared/contract/lists.ts';

const COLUMNS = [
  'row',
  'project',
  'out',
  'state',
  'frames',
  'seconds',
  'error',
] as const satisfies (keyof ListedResult)[];

/** Beside the table: `jobs.results.csv` of `jobs.csv`, `jobs.results.json` of `jobs.json`. */
export function resultsPath(table: string): string {
  const ending = extname(table);
  const kind = ending.toLowerCase() === '.json' ? '.json' : '.csv';
  return join(dirname(table), `${basename(table, ending)}.results${kind}`);
}

/** The file's text: CSV or JSON, as its name says. */
export function resultsText({ results, rows }: ExportListResult): string {
  if (extname(results) === '.json') return `${JSON.stringify(rows, null, 2)}\n`;
  const lines = rows.map((row) => COLUMNS.map((column) => cellOf(row[column])).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function cellOf(value: ListedResult[keyof ListedResult]): string {
  const text = typeof value === 'object' ? (value?.message ?? '') : String(value);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
