import { Button } from '@mantine/core';
import { overPage } from '../ground/over-page.ts';
import { Sign } from '../ground/signs.tsx';
import { active, percentOf, useJobs } from './use-job.ts';

/** How many jobs are at work, and how far the first one is; opens the drawer with every job. */
export function JobsButton() {
  const running = useJobs().filter((job) => active(job));
  const first = running.find((job) => job.status === 'running');
  const share = first ? ` ▸ ${percentOf(first)} %` : '';
  return (
    <Button
      variant={running.length > 0 ? 'light' : 'subtle'}
      color={running.length > 0 ? 'ember' : 'gray'}
      c="var(--mantine-color-text)"
      size="compact-sm"
      h={30}
      leftSection={<Sign name="jobs" />}
      onClick={() => overPage.show({ kind: 'jobs' })}
    >
      {running.length > 0 ? `Jobs ${running.length}${share}` : 'Jobs'}
    </Button>
  );
}
