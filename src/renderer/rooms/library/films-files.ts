import { tell } from '../../ground/errors.tsx';
import { overPage } from '../../ground/over-page.ts';

/** Tables of films, by type and ending: while files are dragged a browser tells only their types. */
export const TABLE_FILES = {
  'text/csv': ['.csv'],
  'text/tab-separated-values': ['.tsv'],
  'application/json': ['.json'],
  'application/vnd.ms-excel': ['.csv'], // what Windows calls a .csv where Excel is
};

export const isTable = ({ name }: { readonly name: string }): boolean => /\.(csv|tsv|json)$/i.test(name);

/** Shows what a table asks for; one at a time. */
export function showTable(files: readonly File[]): void {
  const [table, ...others] = files;
  if (!table) return;
  if (others.length === 0) return overPage.show({ kind: 'films', table });
  tell({ code: 'bad-request', message: 'These are several files.', hint: 'Drop one table of films by itself.' });
}
