import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './e2e/patience.ts';

export default defineConfig({
  test: {
    maxWorkers: '100%', // much of a test is waiting
    execArgv: ['--no-wasm-code-gc'], // as the program does (src/main/cli/index.ts)
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'setup/**/*.test.ts', 'e2e/*-rules.test.ts'],
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          expect: { poll: { timeout: PATIENCE_MS } },
        },
      },
      // The real command line and the real window on the sample. Two files at a time, however many processors there
      // are: each has a program, a browser and often a training of its own. No retries: nothing here may depend on
      // speed, so what is waited for has all the time it needs. Each file stands alone; what several need is made by
      // whichever comes first (e2e/trained-sample.ts).
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 }, // after the unit tests, which take every processor
          globalSetup: 'e2e/prepare.ts',
          expect: { poll: { timeout: PATIENCE_MS } },
        },
      },
    ],
  },
});
