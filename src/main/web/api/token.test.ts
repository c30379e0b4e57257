import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { apiToken } from './token.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-token-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is made once, and again when its file was deleted or spoilt', () => {
  const { token, file } = apiToken(folder);
  expect(token).toMatch(/^[\w-]{32}$/);
  expect(apiToken(folder)).toEqual({ token, file });
  expect(readFileSync(file, 'utf8')).toBe(`${token}\n`);
  rmSync(file);
  const next = apiToken(folder);
  expect(next.token).not.toBe(token);
  writeFileSync(file, '');
  expect(apiToken(folder).token).toMatch(/^[\w-]{32}$/);
});

it.skipIf(process.platform === 'win32')('is its owner’s alone to read, and made so again', () => {
  const { file } = apiToken(folder);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o644);
  apiToken(folder);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
