import { describe, expect, test } from 'vitest';
import { choosePython } from './find-python.mjs';

const python = (version: string, more: object = {}) => ({
  path: `/usr/bin/python${version}`,
  version: version.split('.').map(Number),
  bits: 64,
  machine: 'x86_64',
  venv: true,
  ...more,
});

describe('choosing a Python says in one sentence what is wrong', () => {
  test('the best fitting one is taken', () => {
    expect(choosePython([python('3.13.0'), python('3.11.7')], 'linux').path).toBe('/usr/bin/python3.11.7');
  });

  test.each([
    ['none at all', [], 'linux', /needs Python 3\.10 to 3\.12 and found none.*install Python 3\.12/],
    ['too new', [python('3.13.0')], 'linux', /Python is 3\.13\.0, which is too new.*install Python 3\.12 beside it/],
    ['too old', [python('3.8.18')], 'linux', /Python is 3\.8\.18, which is too old/],
    ['without venv', [python('3.11.2', { venv: false })], 'linux', /apt install python3\.11-venv/],
    ['32-bit', [python('3.12.1', { bits: 32 })], 'win32', /32-bit.*install the 64-bit one/],
    ['for Intel Macs', [python('3.12.1')], 'darwin', /arm64/],
  ])('%s', (_, found, platform, sentence) => {
    expect(() => choosePython(found, platform as NodeJS.Platform)).toThrow(sentence);
  });
});
