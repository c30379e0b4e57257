import { describe, expect, test } from 'vitest';
import { circlesIn } from './circles.ts';
import { filesOf, importsOf, isTest, packageOf, textOf } from './files.ts';

const code = filesOf('src/**/*.ts', 'src/**/*.tsx', 'src/**/*.mjs', 'setup/**', 'e2e/**', 'scripts/**').filter((path) =>
  /\.(ts|tsx|mjs)$/.test(path),
);
const imports = new Map(code.map((path) => [path, importsOf(path)]));
const product = code.filter((path) => !isTest(path));

test('imports are found however they are written', () => {
  const text = `
import a, { type B } from '../a.ts';
import type { C } from './c.ts';
import { type D, type E } from './d.ts';
import './side.css';
export * from './f.ts';
export type { G } from './g.ts';
const h = await import(/* why */ './h.ts');
type I = typeof import('./i.ts');
/** @param {import('./j.mjs').J} j */
require('k/package.json');
`;
  const found = importsOf('src/x/y.ts', text).map(({ specifier, file, typesOnly }) => [specifier, file, typesOnly]);
  expect(found.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
    ['../a.ts', 'src/a.ts', false],
    ['./c.ts', 'src/x/c.ts', true],
    ['./d.ts', 'src/x/d.ts', true],
    ['./f.ts', 'src/x/f.ts', false],
    ['./g.ts', 'src/x/g.ts', true],
    ['./h.ts', 'src/x/h.ts', false],
    ['./i.ts', 'src/x/i.ts', true],
    ['./j.mjs', 'src/x/j.mjs', true],
    ['./side.css', 'src/x/side.css', false],
    ['k/package.json', undefined, false],
  ]);
});

describe('no circles', () => {
  test('are overlooked', () => {
    const arrows = { a: ['b', 'c'], b: ['d'], c: ['d'], d: ['b'], e: [] };
    expect(circlesIn(new Map(Object.entries(arrows)))).toEqual([['b', 'd', 'b']]);
  });

  test('of files, types counted', () => {
    const arrows = new Map(
      [...imports].map(([path, all]) => [path, all.map(({ file }) => file).filter((file) => file !== undefined)]),
    );
    expect(circlesIn(arrows)).toEqual([]);
  });
});

/** From the ground up; a floor knows itself and those below. */
const FLOORS: readonly (readonly [name: string, ...parts: readonly RegExp[]])[] = [
  ['shared', /^src\/shared\//, /^setup\//],
  ['log', /^src\/main\/log\//],
  ['rooms of the studio', /^src\/main\/studio\/[^/]+\//],
  // The live lines are a room over the studio, not in it.
  ['studio', /^src\/main\/studio\/[^/]+$/, /^src\/main\/studio\/live\/index\.ts$/],
  ['host', /^src\/main\/host\//],
  ['ways in', /^src\/main\/mcp\//, /^src\/main\/web\//, /^src\/main\/serve\.ts$/, /^src\/main\/shell\//],
  ['command line', /^src\/main\/cli\//],
  ['programs', /^src\/main\/(?!serve\.ts)[^/]+$/],
];

test('the floors of src/main know only those below', () => {
  const floor = (path: string) => FLOORS.findLastIndex(([, ...parts]) => parts.some((part) => part.test(path)));
  const up = product
    .filter((path) => /^src\/(main|shared)\//.test(path))
    .flatMap((path) =>
      imports
        .get(path)!
        .filter(({ file }) => file !== undefined && floor(file) > floor(path))
        .map(({ file }) => `${path} -> ${file}`),
    );
  expect(up).toEqual([]);
});

describe('what an installed program leaves out', () => {
  const main = product.filter((path) => path.startsWith('src/main/'));
  const { devDependencies } = JSON.parse(textOf('package.json')) as { devDependencies: Record<string, string> };

  test('no module of src/main needs a package for developing, Electron itself aside', () => {
    const needed = main.flatMap((path) =>
      imports
        .get(path)!
        .filter(({ file, typesOnly, specifier }) => !file && !typesOnly && packageOf(specifier) in devDependencies)
        .filter(({ specifier }) => specifier !== 'electron')
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
    expect(needed).toEqual([]);
  });

  test('benchmarks and research have one door each, and one caller that waits for it to be asked for', () => {
    const asked = main.flatMap((path) =>
      imports
        .get(path)!
        .filter(({ file, typesOnly }) => !typesOnly && file && /^src\/(bench|research)\//.test(file))
        .map(({ file }) => `${path} -> ${file}`),
    );
    expect(asked).toEqual([
      'src/main/cli/bench.ts -> src/bench/index.ts',
      'src/main/studio/checkout/index.ts -> src/research/index.ts',
    ]);
    for (const path of ['src/main/cli/bench.ts', 'src/main/studio/checkout/index.ts'])
      expect(textOf(path)).not.toMatch(/^import (?!type).*(bench|research)\/index/m);
  });
});
