import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keepHead, keepToken, ownToken, runningHead } from './token.ts';

const root = mkdtempSync(join(tmpdir(), 'likeness-farm-'));
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

it('a library has one token', () => {
  const token = readFileSync(ownToken(root), 'utf8');
  expect(token).toMatch(/^[0-9a-f]{64}$/);
  expect(readFileSync(ownToken(root), 'utf8')).toBe(token);
});

it.skipIf(process.platform === 'win32')('its file is for its owner alone', () => {
  expect(statSync(ownToken(root)).mode & 0o777).toBe(0o600);
});

it.each(['', 'abc', `${'a'.repeat(63)}G`, `${'a'.repeat(64)}\n`])('%j is no token', (text) => {
  expect(() => keepToken(root, text)).toThrow('This is no token of a farm.');
});

it('who joins another farm keeps the token of their own', () => {
  const own = readFileSync(ownToken(root), 'utf8');
  const other = 'a'.repeat(64);
  expect(readFileSync(keepToken(root, other), 'utf8')).toBe(other);
  expect(readFileSync(ownToken(root), 'utf8')).toBe(own);
});

it('a farm runs as long as who started it', () => {
  const none = 'No farm runs on this computer.';
  expect(() => runningHead(root)).toThrow(none);
  keepHead(root, '192.0.2.7:6380', process.pid);
  expect(runningHead(root).address).toBe('192.0.2.7:6380');
  keepHead(root, '192.0.2.7:6380', 2 ** 30);
  expect(() => runningHead(root)).toThrow(none);
  const another = `${process.pid}@before`; // whose number it was
  writeFileSync(join(root, 'farm', 'farm.json'), JSON.stringify({ address: '192.0.2.7:6380', process: another }));
  expect(() => runningHead(root)).toThrow(none);
  writeFileSync(join(root, 'farm', 'farm.json'), '{"address": 7');
  expect(() => runningHead(root)).toThrow(none);
});
