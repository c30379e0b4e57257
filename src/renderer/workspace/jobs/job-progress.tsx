import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import type { JobView } from '../../../shared/contract/studio.ts';
import { useStudio } from '../../app/connection.tsx';
import { tell } from '../../app/errors.ts';
import { clock } from '../../library/clock.ts';

/** How far one job is, and what can be done with it now. */
export function JobProgress({ job }: { readonly job: JobView }) {
  const { client } = useStudio();
  const cancel = () => client.jobs.cancel({ id: job.id }).catch(tell);
  const resume = () => client.jobs.resume({ id: job.id }).catch(tell);
  switch (job.status) {
    case 'queued':
    case 'running': {
      const { progress } = job;
      const share = progress && progress.total > 0 ? (100 * progress.done) / progress.total : 0;
      return (
        <Stack gap={6} role="status">
          <Group justify="space-between">
            <Text size="sm">{job.status === 'queued' ? 'Waiting for another job' : (progress?.stage ?? 'Starting')}</Text>
            <Text size="sm" c="dimmed">
              {progress && progress.total > 0 ? `${Math.floor(share)} %` : ''}
              {progress?.etaSeconds != null ? ` · ${clock(progress.etaSeconds)} left` : ''}
            </Text>
          </Group>
          <Progress value={share} animated={job.status === 'running'} aria-label={progress?.stage ?? job.kind} />
          <Group justify="flex-end">
            <Button size="compact-sm" variant="default" onClick={cancel}>
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
        <Alert color={job.status === 'failed' ? 'red' : 'yellow'} title={job.error?.message ?? (job.status === 'cancelled' ? 'Stopped.' : 'This was cut off.')}>
          <Stack gap="xs">
            {job.error && <Text size="sm">{job.error.hint}</Text>}
            {job.resumable && (
              <Group>
                <Button size="compact-sm" onClick={resume}>
                  Resume
                </Button>
              </Group>
            )}
          </Stack>
        </Alert>
      );
    case 'done':
      return null;
  }
}
