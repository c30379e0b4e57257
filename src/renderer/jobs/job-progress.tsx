import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import type { JobView } from '../../shared/contract/studio.ts';
import { useStudio } from '../ground/connection.tsx';
import { Detail, tell } from '../ground/errors.tsx';
import { clock } from '../ground/clock.ts';
import { stageName, useJobTitle } from './job-names.ts';
import { stillToDo } from './still-to-do.ts';
import { percentOf, useJobs } from './use-job.ts';
import './jobs.css';

/** What it waits for, by its name. */
function Waits({ job }: { readonly job: JobView }) {
  const titleOf = useJobTitle();
  const ahead = useJobs().find(({ status, lane }) => status === 'running' && lane === job.lane);
  return ahead ? `Waits for ${titleOf(ahead)}` : 'Waits for its turn';
}

/** How far one job is, and what can be done with it now. */
export function JobProgress({ job }: { readonly job: JobView }) {
  const { client } = useStudio();
  const cancel = () => client.jobs.cancel({ id: job.id }).catch(tell);
  const resume = () => client.jobs.resume({ id: job.id }).catch(tell);
  switch (job.status) {
    case 'queued':
    case 'running': {
      const { progress } = job;
      return (
        <Stack gap={6} role="status">
          <Group justify="space-between">
            <Text size="sm">{job.status === 'queued' ? <Waits job={job} /> : stageName(job)}</Text>
            <Text size="sm" c="dimmed">
              {job.status === 'running' ? `${percentOf(job)} %` : ''}
              {progress?.etaSeconds != null && progress.etaSeconds >= 1 ? ` · ${clock(progress.etaSeconds)} left` : ''}
            </Text>
          </Group>
          <div className="job-bar">
            <Progress
              value={100 * (progress?.share ?? 0)}
              animated={job.status === 'running'}
              aria-label={stageName(job)}
            />
            {progress?.ends.slice(0, -1).map((end) => (
              <i key={end} style={{ left: `${100 * end}%` }} />
            ))}
          </div>
          <Group justify={progress?.note == null ? 'flex-end' : 'space-between'} wrap="nowrap">
            {progress?.note != null && (
              <Text size="sm" c="dimmed" truncate title={progress.note}>
                {progress.note}
              </Text>
            )}
            <Button size="compact-sm" variant="default" onClick={cancel} style={{ flex: 'none' }}>
              Stop
            </Button>
          </Group>
        </Stack>
      );
    }
    case 'failed':
    case 'interrupted':
    case 'cancelled':
      return (
        <article className="finding" data-level={job.status === 'failed' ? 'problem' : 'warning'} role="status">
          <Stack gap={6}>
            <Text size="sm" fw={600}>
              {job.error?.message ?? (job.status === 'cancelled' ? 'Stopped.' : 'This was cut off.')}
            </Text>
            {job.error && (
              <Text size="sm" c="dimmed">
                {job.error.hint}
              </Text>
            )}
            <Detail text={job.error?.detail} />
            {job.resumable && (
              <Text size="sm" c="dimmed">
                {stillToDo(job, stageName(job))}
              </Text>
            )}
            {job.resumable && (
              <Group>
                <Button size="compact-sm" variant="default" onClick={resume}>
                  {job.status === 'failed' ? 'Try again' : 'Resume'}
                </Button>
              </Group>
            )}
          </Stack>
        </article>
      );
    case 'done':
      return null;
  }
}
