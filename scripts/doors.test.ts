import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, '..', 'src', 'main');
const studio = join(main, 'studio');
const log = join(main, 'log');
const IMPORT = /^(?:import|export)\s+(type\s)?[^;]*?from\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;

const TESTS = /\.(test|fixture)\.ts$/;

/** Files of a folder that are no tests, with what each takes from elsewhere when it runs: types are gone by then. */
function runtimeImports(folder: string): { readonly file: string; readonly imported: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !TESTS.test(name))
    .flatMap((name) => {
      const file = join(folder, name);
      return [...readFileSync(file, 'utf8').matchAll(IMPORT)]
        .filter(([, type]) => !type)
        .map(([, , from, later]) => ({ file, imported: resolve(dirname(file), (from ?? later)!) }));
    });
}
const inside = (folder: string, file: string): boolean => file.startsWith(folder + sep);
const named = (file: string): string => relative(main, file).replaceAll(sep, '/');

const DOORS = [
  'studio/studio.ts',
  'studio/ahead.ts',
  'studio/library-dir.ts',
  'studio/live/index.ts',
  'studio/checkout/index.ts',
];

test('a host comes to the studio by its doors', () => {
  const round = runtimeImports(main)
    .filter(({ file, imported }) => !inside(studio, file) && inside(studio, imported))
    .filter(({ imported }) => !DOORS.includes(named(imported)))
    .map(({ file, imported }) => `${named(file)} -> ${named(imported)}`);
  expect(round).toEqual([]);
});

test('a host does not look behind the door', () => {
  const behind = readdirSync(main, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !TESTS.test(name) && !inside(studio, join(main, name)))
    .filter((name) => /\bstudio\.library\b/.test(readFileSync(join(main, name), 'utf8')));
  expect(behind).toEqual([]);
});

test('no room of the studio knows a host, or the door that joins the rooms', () => {
  const up = runtimeImports(studio)
    .filter(({ file }) => named(file) !== 'studio/studio.ts')
    .filter(
      ({ imported }) => imported === join(studio, 'studio.ts') || (inside(main, imported) && !inside(studio, imported)),
    )
    .filter(({ imported }) => !inside(log, imported))
    .map(({ file, imported }) => `${named(file)} -> ${named(imported)}`);
  expect(up).toEqual([]);
});

test('the log, which everything in the core may write, knows nothing of it', () => {
  const up = runtimeImports(log).filter(({ imported }) => inside(main, imported) && !inside(log, imported));
  expect(up).toEqual([]);
});

test('a subject, which stands on the kinds of jobs, is known to the door and to other subjects alone', () => {
  const subject = /^studio(-[a-z]+)?\.ts$/;
  const below = runtimeImports(studio)
    .filter(({ imported }) => inside(studio, imported) && subject.test(basename(imported)))
    .filter(({ file }) => !subject.test(basename(file)))
    .map(({ file, imported }) => `${named(file)} -> ${named(imported)}`);
  expect(below).toEqual([]);
});

test('loose files of the studio are doors; everything else has a room', () => {
  const loose = readdirSync(studio).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  expect(loose).toEqual(['ahead.ts', 'library-dir.ts', 'studio.ts']);
});
