import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const WINDOW = join(import.meta.dirname, 'renderer');

/** Rooms from the ground up: each may import itself and what stands before it. */
const FLOORS = {
  '': ['ground', 'jobs', 'take', 'live', 'rooms', 'shell'],
  rooms: ['set-up', 'library', 'settings', 'workspace'],
  'rooms/workspace': [
    'footage',
    'checkpoint',
    'transport',
    'timeline',
    'sounds',
    'microphone',
    'camera',
    'script',
    'drive',
    'film',
    'viewer',
    'source',
    'train',
    'perform',
    'export',
  ],
} as const;

/** Files that a source imports from its own program, types and dynamic imports included; absolute paths. */
function imported(path: string, source: string): readonly string[] {
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, specifier]) =>
    resolve(dirname(path), specifier!),
  );
}

const sources = readdirSync(WINDOW, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join(WINDOW, name));

/** The room of `house` that a file lies in; undefined for one that lies elsewhere, or in none of them. */
function roomOf(house: string, path: string): string | undefined {
  const parts = relative(join(WINDOW, house), path).split(sep);
  return parts.length > 1 && parts[0] !== '..' ? parts[0] : undefined;
}

test('imports are read', () => {
  const text = `import './a.css';\nimport type { A } from './a.ts';\nexport { b } from '../b.ts';
    import React from 'react';
    const c = await import('./c.ts');`;
  expect(imported(join(WINDOW, 'ground', 'x.ts'), text).map((path) => relative(WINDOW, path).replaceAll(sep, '/'))) //
    .toEqual(['ground/a.css', 'ground/a.ts', 'b.ts', 'ground/c.ts']);
});

describe.each(Object.entries(FLOORS))('the rooms of src/renderer/%s', (house, floors) => {
  test('each has its floor', () => {
    const rooms = new Set(sources.map((path) => roomOf(house, path)).filter((room) => room !== undefined));
    expect([...rooms].toSorted()).toEqual([...floors].toSorted());
  });

  test.each(floors)('%s imports nothing from above', (room) => {
    const above: readonly string[] = floors.slice(floors.indexOf(room as never) + 1);
    const upward = sources
      .filter((path) => roomOf(house, path) === room)
      .flatMap((path) =>
        imported(path, readFileSync(path, 'utf8'))
          .filter((target) => above.includes(roomOf(house, target) ?? ''))
          .map((target) => `${relative(WINDOW, path)} -> ${relative(WINDOW, target)}`),
      );
    expect(upward).toEqual([]);
  });
});

test('a room knows nothing of the house it lies in', () => {
  const upward = Object.keys(FLOORS)
    .filter((house) => house !== '')
    .flatMap((house) =>
      sources
        .filter((path) => roomOf(house, path) !== undefined)
        .flatMap((path) =>
          imported(path, readFileSync(path, 'utf8'))
            .filter((target) => dirname(target) === join(WINDOW, house))
            .map((target) => `${relative(WINDOW, path)} -> ${relative(WINDOW, target)}`),
        ),
    );
  expect(upward).toEqual([]);
});
