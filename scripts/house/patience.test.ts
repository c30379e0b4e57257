import { expect, test } from 'vitest';
import { PATIENCE_MS } from '../../e2e/patience.ts';
import { filesOf, isTest, textOf } from './files.ts';

// A test that gives up earlier fails on a busy computer and nowhere else.
test('no unit test has less patience than all of them', () => {
  const tests = filesOf('*.ts', '*.tsx').filter((path) => isTest(path) && !path.startsWith('e2e/'));
  expect(tests.length).toBeGreaterThan(100);
  const hasty = tests.flatMap((path) =>
    [...textOf(path).matchAll(/\b(?:testT|hookT|t)imeout: ([\d_]+)/g)]
      .filter(([, ms]) => Number(ms!.replaceAll('_', '')) < PATIENCE_MS)
      .map(([text]) => `${path}: ${text}`),
  );
  expect(hasty).toEqual([]);
});
