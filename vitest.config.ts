import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    maxWorkers: '100%', // much of a test is waiting
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'setup/**/*.test.ts', 'e2e/*-rules.test.ts'],
          testTimeout: 20_000,
        },
      },
      // The real command line on the sample: trainings share the processor, so one file at a time and no retries. Each
      // file stands alone; what several need is made by whichever comes first (e2e/trained-sample.ts).
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
