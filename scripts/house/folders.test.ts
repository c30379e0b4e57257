import { expect, test } from 'vitest';
import { filesOf, isTest, textOf } from './files.ts';

// Node's own way tries for ever where the folder above is there and takes none, as those of /proc.
test('the program makes folders in one way, which always ends', () => {
  const product = filesOf('src/main/**/*.ts').filter((path) => !isTest(path));
  expect(product.length).toBeGreaterThan(100);
  expect(product.filter((path) => /\bmkdir(Sync)?\([^;]*recursive/.test(textOf(path)))).toEqual([]);
});
