import { Button, Drawer, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useStudio } from '../../app/connection.tsx';
import { JobProgress } from './job-progress.tsx';
import { active, useJobs } from './use-job.ts';

const NAMES: Readonly<Record<string, string>> = { analyze: 'Check', train: 'Training', evaluate: 'Measuring', render: 'Rendering', ablate: 'Ablation', export: 'Export' };

/** Opens the drawer with every job, running and past. */
export function JobsButton() {
  const [opened, { open, close }] = useDisclosure(false);
  const { queries } = useStudio();
  const projects = useQuery(queries.projects.list.queryOptions()).data ?? [];
  const jobs = useJobs().toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const running = jobs.filter((job) => active(job));
  const progress = running.find((job) => job.status === 'running')?.progress;
  return (
    <>
      <Button variant="subtle" color="gray" size="compact-md" onClick={open}>
        {running.length > 0 ? `Jobs ${running.length}${progress && progress.total > 0 ? ` ▸ ${Math.floor((100 * progress.done) / progress.total)} %` : ''}` : 'Jobs'}
      </Button>
      <Drawer opened={opened} onClose={close} position="right" title="Jobs" closeButtonProps={{ 'aria-label': 'Close' }}>
        <Stack>
          {jobs.length === 0 && <Text c="dimmed">Nothing has run yet.</Text>}
          {jobs.map((job) => (
            <Stack key={job.id} gap={4}>
              <Text size="sm" fw={600}>
                {NAMES[job.kind] ?? job.kind} · {projects.find((project) => project.id === job.projectId)?.name ?? ''}
              </Text>
              {job.status === 'done' ? (
                <Text size="sm" c="dimmed">
                  Done
                </Text>
              ) : (
                <JobProgress job={job} />
              )}
            </Stack>
          ))}
        </Stack>
      </Drawer>
    </>
  );
}
