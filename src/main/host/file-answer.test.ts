import { expect, test } from 'vitest';
import { parseRange } from './file-answer.ts';

test('a range is cut to the file, an impossible one is refused, nonsense is ignored', () => {
  expect(parseRange('bytes=0-99', 1000)).toEqual({ start: 0, end: 99 });
  expect(parseRange('bytes=900-', 1000)).toEqual({ start: 900, end: 999 });
  expect(parseRange('bytes=-100', 1000)).toEqual({ start: 900, end: 999 });
  expect(parseRange('bytes=0-5000', 1000)).toEqual({ start: 0, end: 999 });
  expect(parseRange('bytes=1000-', 1000)).toBe('unsatisfiable');
  expect(parseRange('bytes=9-3', 1000)).toBe('unsatisfiable');
  for (const header of [undefined, 'bytes=-', 'pages=1-2', 'bytes=0-1,5-6', 'bytes=a-b']) expect(parseRange(header, 1000)).toBeUndefined();
});
