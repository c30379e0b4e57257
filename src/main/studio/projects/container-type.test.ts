import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { containerType } from './container-type.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['film.mp4', '\0\0\0\x20ftypisom\0\0', 'video/mp4'],
  ['film.html', '\0\0\0\x20ftypqt  \0\0', 'video/quicktime'],
  ['film.js', 'RIFF\0\0\0\0AVI LIST', 'video/x-msvideo'],
  ['sound.svg', 'RIFF\0\0\0\0WAVEfmt ', 'audio/wav'],
  ['film.webm', '\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm', 'video/webm'],
  ['film.mkv', '\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska', 'video/x-matroska'],
  ['frame.html', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
  ['page.html', '<!doctype html><script>alert(1)</script>', 'application/octet-stream'],
  ['code.js', 'alert(1)', 'application/octet-stream'],
  ['empty.html', '', 'application/octet-stream'],
])('%s is sent as what it holds', async (name, bytes, type) => {
  writeFileSync(join(folder, name), bytes, 'latin1');
  expect(await containerType(join(folder, name))).toBe(type);
});

test('a file that is not there is bytes', async () =>
  expect(await containerType(join(folder, 'nowhere.html'))).toBe('application/octet-stream'));
