import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

/** The text under a heading of the notices. */
function chapter(heading: string): string {
  const [, text] = read('THIRD_PARTY_NOTICES.md').split(`\n## ${heading}\n`);
  return text!.split('\n## ')[0]!;
}

/** What a table names in its first column: "numba, llvmlite", "better-sqlite3 (with SQLite)". */
const inTable = (text: string): string[] =>
  [...text.matchAll(/^\| (?!Package)([^|]+) \|/gm)].flatMap(([, cell]) =>
    cell!.replaceAll(/ \(.*?\)|, with .*/g, '').split(', '),
  );
/** What a sentence names: "a (MIT), b and c (MIT)". */
const inSentence = (text: string): string[] =>
  [...text.matchAll(/(@?[a-z][\w./*-]*)(?= \((?:MIT|BSD|Apache|MPL|PSF)| and [\w-]+ \()/g)].map(([name]) => name);

const packageName = (specifier: string): string => /^(@[^/]+\/)?[^/]+/.exec(specifier)![0];
const names = (list: readonly string[], name: string): boolean =>
  list.some((one) => one === name || (one.endsWith('/*') && name.startsWith(one.slice(0, -1))));

describe('the notices', () => {
  /** By name: what the window is built of is a development dependency. */
  const ofWindow = new Set(
    globSync('src/renderer/**/*.{ts,tsx}', { cwd: root, exclude: ['**/*.test.*'] })
      .flatMap((file) =>
        [...read(file).matchAll(/(?:from|import) '([^'.][^']*)'/g)].map(([, name]) => packageName(name!)),
      )
      .filter((name) => name in devDependencies),
  );

  it('name every npm package that runs in the studio, and nothing else as such', () => {
    const shipped = [...Object.keys(dependencies), ...ofWindow];
    const listed = inTable(chapter('Runs in the studio (npm)'));
    expect(shipped.filter((name) => !names(listed, name))).toEqual([]);
    expect(listed.filter((name) => !shipped.some((one) => names([name], one)))).toEqual([]);
  });

  it('name every other npm package as one for development', () => {
    const inStudio = inTable(chapter('Runs in the studio (npm)')); // peers of the window's packages too
    const developing = Object.keys(devDependencies).filter((name) => !names(inStudio, name));
    const listed = inSentence(chapter('For development only'));
    expect(developing.filter((name) => !names(listed, name))).toEqual([]);
    const tools = ['pytest', 'pytest-timeout', 'ruff'];
    expect(listed.filter((name) => !tools.includes(name) && !developing.some((one) => names([name], one)))).toEqual([]);
  });

  it('name every Python package that the trainer asks for, and what these ask for', () => {
    const asked = ['requirements.txt', 'requirements-nodeps.txt'].flatMap((file) =>
      [...read(`trainer/${file}`).matchAll(/^([A-Za-z][\w.-]*)==/gm)].map(([, name]) => name!),
    );
    const text = chapter('Runs in the trainer (pip)');
    const listed = [...inTable(text), ...inSentence(text.slice(text.indexOf('What these ask for')))];
    expect([...new Set(asked)].filter((name) => !listed.includes(name))).toEqual([]);
    expect(listed.filter((name) => !asked.includes(name))).toEqual([]);
  });
});
