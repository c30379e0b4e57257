import { describe, expect, test } from 'vitest';
import { exportName, ExportNameRule, type NamedFilm, untakenName } from './export-name.ts';

const film: NamedFilm = {
  project: { name: 'Ada L.', source: { height: 720 } },
  take: 'Take 1',
  mode: 'dub',
  height: 'source',
  at: new Date(2026, 10, 30, 16, 5, 9),
};

test('a rule says what of a film is in its name', () => {
  expect(exportName('{project} {take} {mode} {height} {date} {time}', film)).toBe(
    'Ada L. Take 1 dub 720 2026-11-30 16-05-09',
  );
  expect(exportName('{take}-{height}', { ...film, mode: 'portrait' })).toBe('Take 1-source');
  expect(exportName('{project} {take} {mode}', { ...film, take: null })).toBe('Ada L. dub');
});

test('a rule with another token is refused', () => {
  expect(ExportNameRule.safeParse('{project} {titel}').success).toBe(false);
  expect(ExportNameRule.safeParse('film').success).toBe(true);
});

describe('a name is one on every system', () => {
  test.each([
    ['what separates folders or has a meaning', 'a/b\\c:d*e?"f<g>h|i\n', 'a-b-c-d-e--f-g-h-i-'],
    ['hidden files and trailing dots', ' ..hidden... ', 'hidden'],
    ['names of devices', 'con', '_con'],
    ['and with an ending', 'LPT1.txt', '_LPT1.txt'],
    ['nothing that is left', '...', 'Ada L'],
    ['one way to write letters', 'e\u0301', '\u00e9'],
  ])('%s', (_, take, name) => {
    expect(exportName('{take}', { ...film, take })).toBe(name);
  });

  test('of no more bytes than a file system allows, in whole characters', () => {
    const name = exportName('{take}', { ...film, take: '👩🏽'.repeat(100) });
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(180);
    expect(name).not.toContain('\ufffd');
  });
});

test('a name that is there gets a number, whatever its capitals', () => {
  expect(untakenName('Film', [])).toBe('Film');
  expect(untakenName('Film', ['film', 'Film 2', 'FILM 3'])).toBe('Film 4');
});
