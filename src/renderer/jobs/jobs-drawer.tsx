import { Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { JobView } from '../../shared/contract/studio.ts';
import { overPage, useOverPage } from '../ground/over-page.ts';
import { useSettings } from '../ground/settings.ts';
import { JobCard } from './job-card.tsx';
import { JobLogDialog } from './job-log.tsx';
import { useJobs } from './use-job.ts';

/** Every job: running, waiting in the order they will begin, and past. */
export function JobsDrawer() {
  const opened = useOverPage().kind === 'jobs';
  const [log, setLog] = useState<JobView>();
  return (
    <>
      <Drawer
        opened={opened}
        onClose={overPage.close}
        position="right"
        size={440}
        title="Jobs"
        closeButtonProps={{ 'aria-label': 'Close' }}
        closeOnEscape={log === undefined}
      >
        {opened && <JobList onLog={setLog} />}
      </Drawer>
      {log && <JobLogDialog job={log} onClose={() => setLog(undefined)} />}
    </>
  );
}

function JobList({ onLog }: { readonly onLog: (job: JobView) => void }) {
  const jobs = useJobs();
  const { settings, change } = useSettings();
  const cleared = settings?.jobsClearedAt ?? '';
  const running = jobs.filter(({ status }) => status === 'running');
  const waiting = jobs.filter(({ status }) => status === 'queued').toSorted((a, b) => a.position - b.position);
  const past = jobs
    .filter(({ status, finishedAt }) => status !== 'running' && status !== 'queued' && (finishedAt ?? '') > cleared)
    .toSorted((a, b) => (b.finishedAt ?? '').localeCompare(a.finishedAt ?? ''));
  if (running.length + waiting.length + past.length === 0)
    return <Text c="dimmed">Nothing is running, and nothing has run since the list was cleared.</Text>;
  return (
    <Stack gap="lg">
      <Section title="Running" jobs={running} onLog={onLog} />
      <Section title="Waiting" jobs={waiting} onLog={onLog} movable />
      <Section title="Past" jobs={past} onLog={onLog}>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          onClick={() => change({ jobsClearedAt: new Date().toISOString() })}
        >
          Clear
        </Button>
      </Section>
    </Stack>
  );
}

function Section({
  title,
  jobs,
  movable = false,
  onLog,
  children,
}: {
  readonly title: string;
  readonly jobs: readonly JobView[];
  readonly movable?: boolean;
  readonly onLog: (job: JobView) => void;
  readonly children?: React.ReactNode;
}) {
  if (jobs.length === 0) return null;
  return (
    <Stack component="section" gap="xs" aria-label={title}>
      <Group justify="space-between">
        <Title order={3} size="h6">
          {title}
        </Title>
        {children}
      </Group>
      {jobs.map((job, place) => (
        <JobCard
          key={job.id}
          job={job}
          earlier={movable && place > 0}
          later={movable && place < jobs.length - 1}
          onLog={() => onLog(job)}
        />
      ))}
    </Stack>
  );
}
