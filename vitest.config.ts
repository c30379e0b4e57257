import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The end-to-end tests by their names: that of the command line comes first and leaves a trained project to those of
 * the window.
 */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.every(({ project }) => project.name === 'e2e')
      ? sorted.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId))
      : sorted;
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: InOrder },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'setup/**/*.test.ts', 'e2e/*-rules.test.ts'],
          testTimeout: 20_000,
        },
      },
      // The real command line on the sample: trainings share the processor, so one file at a time and no retries.
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
