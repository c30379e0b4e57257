import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { entriesIn } from './entries.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'likeness-entries-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is there, with its size, and those alone that are asked for', () => {
  writeFileSync(join(folder, 'one.wav'), 'abc');
  writeFileSync(join(folder, 'two.json'), '');
  const [one, ...others] = entriesIn(folder, (name) => name.endsWith('.wav'));
  expect(others).toEqual([]);
  expect(one).toMatchObject({ name: 'one.wav', path: join(folder, 'one.wav'), stats: { size: 3 } });
});

test('what goes while it is listed is left out', () => {
  writeFileSync(join(folder, 'stays.partial'), '');
  writeFileSync(join(folder, 'goes.partial'), '');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'leads nowhere'));
  const names = entriesIn(folder, (name) => {
    if (name === 'goes.partial') unlinkSync(join(folder, name)); // as another process that settles its file
    return true;
  }).map(({ name }) => name);
  expect(names).toEqual(['stays.partial']);
});

test('a folder that is not there is said', () => {
  mkdirSync(join(folder, 'there'));
  expect(entriesIn(join(folder, 'there'))).toEqual([]);
  expect(() => entriesIn(join(folder, 'not'))).toThrow(/ENOENT/);
});
