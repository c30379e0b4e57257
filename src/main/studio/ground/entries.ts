import { readdirSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Something in a folder. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  /** Of what a link leads to. */
  readonly stats: Stats;
}

/**
 * What a folder holds, those alone whose name `asked` likes. Other processes work in a library's folders: what is
 * listed and gone before it is looked at is left out, as if it had gone a moment earlier. Throws where there is no
 * such folder.
 */
export function entriesIn(folder: string, asked: (name: string) => boolean = () => true): Entry[] {
  return readdirSync(folder)
    .filter(asked)
    .flatMap((name) => {
      const path = join(folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats ? [{ name, path, stats }] : [];
    });
}
