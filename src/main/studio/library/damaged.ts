import { existsSync, readdirSync, statSync } from 'node:fs';
import { StudioError } from '../../../shared/contract/index.ts';
import { listCopies } from './copies.ts';
import { LibraryPaths } from './paths.ts';

/** The library's database is not what it should be; what lies in its projects' folders is untouched. */
export class DamagedLibrary extends StudioError {
  constructor(root: string, how: 'damaged' | 'empty' | 'missing', detail?: string) {
    const there = what(new LibraryPaths(root));
    super({
      code: 'bad-request',
      message: `The library's database is ${how}.`,
      hint:
        `Close Likeness and run "likeness library restore"${there === '' ? '' : `: it takes ${there}`}. ` +
        'What is there now is kept aside. Or choose another library folder.',
      detail: [root, detail].filter(Boolean).join('\n'),
    });
  }
}

/**
 * A library without its database is not a new one. Raises DamagedLibrary where there are projects or copies and the
 * database is not there, or is a file of no bytes.
 */
export function requireDatabase(paths: LibraryPaths): void {
  if (sizeOf(paths.database) > 0 || sizeOf(`${paths.database}-wal`) > 0) return;
  if (what(paths) === '') return;
  throw new DamagedLibrary(paths.root, existsSync(paths.database) ? 'empty' : 'missing');
}

/** The folders of projects, by their ids. */
export function projectFolders(paths: LibraryPaths): string[] {
  return entriesOf(paths.projects).filter(
    (name) => !name.endsWith('.partial') && entriesOf(paths.project(name)).length > 0,
  );
}

/** Those of projects that were removed. */
export function trashedFolders(paths: LibraryPaths): string[] {
  return entriesOf(paths.trash);
}

/** What a library can be restored from, in words. */
function what(paths: LibraryPaths): string {
  const copy = listCopies(paths.backups).find(({ projects }) => projects);
  const folders = projectFolders(paths).length;
  const parts = [
    ...(copy ? [`the copy of ${copy.madeAt.slice(0, 16).replace('T', ' ')} UTC (projects: ${copy.projects})`] : []),
    ...(folders > 0 ? [`what is in the projects' folders (${folders})`] : []),
  ];
  return parts.join(' and ');
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it is not there, or no folder
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
