import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerWith, parseRange } from './file-answer.ts';

test('a range is cut to the file, an impossible one is refused, nonsense is ignored', () => {
  expect(parseRange('bytes=0-99', 1000)).toEqual({ start: 0, end: 99 });
  expect(parseRange('bytes=900-', 1000)).toEqual({ start: 900, end: 999 });
  expect(parseRange('bytes=-100', 1000)).toEqual({ start: 900, end: 999 });
  expect(parseRange('bytes=0-5000', 1000)).toEqual({ start: 0, end: 999 });
  expect(parseRange('bytes=1000-', 1000)).toBe('unsatisfiable');
  expect(parseRange('bytes=-0', 1000)).toBe('unsatisfiable');
  for (const header of [undefined, 'bytes=-', 'pages=1-2', 'bytes=0-1,5-6', 'bytes=a-b', 'bytes=9-3'])
    expect(parseRange(header, 1000)).toBeUndefined();
});

test('a slice of a file is sent as if it were a file of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  const file = join(folder, 'frames.mjpeg');
  await writeFile(file, '0123456789');
  const slice = { file, slice: { start: 3, end: 6 }, type: 'image/jpeg', download: false, cache: 'no-cache' };
  const ask = (range?: string, method = 'GET') => answerWith(slice, { range, method });
  expect(await ask()).toMatchObject({
    status: 200,
    headers: { 'Content-Type': 'image/jpeg', 'Content-Length': '4' },
    bytes: { start: 3, end: 6 },
  });
  expect(await ask('bytes=1-2')).toMatchObject({
    status: 206,
    headers: { 'Content-Range': 'bytes 1-2/4' },
    bytes: { start: 4, end: 5 },
  });
  expect(await ask('bytes=-1')).toMatchObject({ bytes: { start: 6, end: 6 } });
  expect(await ask('bytes=4-')).toMatchObject({ status: 416, headers: { 'Content-Range': 'bytes */4' } });
  expect(await ask(undefined, 'HEAD')).not.toHaveProperty('bytes');
  expect(await answerWith({ ...slice, slice: { start: 8, end: 12 } }, { range: undefined, method: 'GET' })).toEqual({
    status: 404,
    headers: {},
  }); // it was cut short
  await rm(folder, { recursive: true });
});
