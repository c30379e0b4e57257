import { expect, test } from 'vitest';
import { filesOf, isTest, textOf } from './files.ts';

const LINES = 350;
const COLUMNS = 120;
const MEDIAN = 80;

const code = filesOf('*.ts', '*.tsx', '*.mjs', '*.py', '*.css').map((path) => ({
  path,
  lines: textOf(path).replace(/\n$/, '').split('\n'),
}));

test(`no code file has more than ${LINES} lines`, () => {
  expect(code.length).toBeGreaterThan(100);
  const long = code.filter(({ lines }) => lines.length > LINES);
  expect(long.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([]);
});

test(`no line of code is longer than ${COLUMNS} characters`, () => {
  const wide = code.flatMap(({ path, lines }) =>
    lines.flatMap((line, row) =>
      Array.from(line).length > COLUMNS ? [`${path}:${row + 1}: ${Array.from(line).length}`] : [],
    ),
  );
  expect(wide).toEqual([]);
});

test(`half of the files, tests aside, have fewer than ${MEDIAN} lines`, () => {
  const lengths = code.filter(({ path }) => !isTest(path) && !/(^|\/)test_|conftest/.test(path));
  const sorted = lengths.map(({ lines }) => lines.length).toSorted((a, b) => a - b);
  expect(sorted[sorted.length >> 1]).toBeLessThan(MEDIAN);
});
