import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** The project's own files that match, tests too, by their paths from the root. */
export function filesOf(...patterns: readonly string[]): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  });
  return [...new Set(listed.split('\n').filter((path) => path !== '' && existsSync(join(root, path))))].toSorted();
}

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A test, or what only tests use: such a file may know everything. */
export const isTest = (path: string): boolean => /\.(test|fixture)\.[a-z]+$|(^|\/)fixtures\//.test(path);

export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** The file's path from the root; undefined for packages and Node's own modules. */
  readonly file: string | undefined;
  /** Gone when the program runs. */
  readonly typesOnly: boolean;
}

const STATEMENT = /^(?:import|export)\b(?:[^;'"`]*?\bfrom)?\s*(['"])([^'"\n]+)\1/gm;
const CALL = /(\btypeof\s+)?\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?(['"])([^'"\n]+)\2\s*\)(\.[A-Z])?/g;
const LOOKED_UP = /\b(?:require|resolve)\((['"])([^'"\n]+)\1\)/g;

/** What a TypeScript or JavaScript file imports, at its top or on the way; packages that are only looked up as well. */
export function importsOf(path: string, text = textOf(path)): Import[] {
  const make = (specifier: string, typesOnly: boolean): Import => ({
    specifier,
    file: specifier.startsWith('.') ? fileAt(path, specifier) : undefined,
    typesOnly,
  });
  return [
    ...[...text.matchAll(STATEMENT)].map(([statement, , specifier]) => make(specifier!, isOfTypes(statement))),
    ...[...text.matchAll(CALL)].map(([, asked, , specifier, member]) =>
      make(specifier!, asked !== undefined || member !== undefined),
    ),
    ...[...text.matchAll(LOOKED_UP)]
      .map(([, , specifier]) => make(specifier!, false))
      .filter(({ specifier }) => !specifier.startsWith('.')),
  ];
}

/** "@scope/name/path" -> "@scope/name" */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isOfTypes(statement: string): boolean {
  if (/^(?:import|export)\s+type\b/.test(statement)) return true;
  const names = /^(?:import|export)\s*\{([^}]*)\}/.exec(statement)?.[1];
  if (names === undefined) return false;
  const each = names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return each.length > 0 && each.every((name) => name.startsWith('type '));
}

function fileAt(path: string, specifier: string): string {
  return relative(root, resolve(root, dirname(path), specifier.replace(/\?.*$/, '')))
    .split(sep)
    .join('/');
}
