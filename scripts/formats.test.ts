import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stale } from './formats.ts';

const root = join(import.meta.dirname, '..');

test('the job schema and the tables of docs/formats.md are those of the format and the contract', async () => {
  expect(await stale()).toEqual([]);
});

test('the trainer says the version of package.json', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const project = readFileSync(join(root, 'trainer', 'pyproject.toml'), 'utf8');
  expect(/^version = "(.*)"$/m.exec(project)?.[1]).toBe(version);
});
