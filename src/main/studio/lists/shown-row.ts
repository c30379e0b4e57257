import { basename } from 'node:path';
import type { ListRow } from '../../../shared/contract/lists.ts';
import { withoutControls } from '../../../shared/domain/plain-text.ts';
import { SAYS } from '../../../shared/domain/written/index.ts';
import type { TableRow } from './table.ts';

/** More of a text than a row has room for. */
const LONGEST = 120;

/** The beginning of a text, or the name of a file, for a look. */
export function shownText(text: string): string {
  const shown = withoutControls(text.slice(0, 2 * LONGEST).replace(/\s+/g, ' '));
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST).trimEnd()}…` : shown;
}

/** A row as it stands in its table, whatever is wrong with it. */
export function shownRow({ row, cells }: TableRow): ListRow {
  const column = SAYS.find((name) => cells.has(name));
  const [project = '', said = '', out = ''] = ['project', column ?? '', 'out'].map((name) => cells.get(name));
  return {
    row,
    project: shownText(project),
    says: shownText(column === 'text' ? said : basename(said)),
    out: shownText(out),
  };
}
