import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMPILED, compiledKernels } from './kernels.ts';

test('the engine has the kernels as they are written: "npm run kernels" compiles them', async () => {
  expect(readFileSync(join(import.meta.dirname, '..', COMPILED), 'utf8')).toBe(await compiledKernels());
});
