import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import type { JobView } from '../../shared/contract/studio.ts';
import { useStudio } from '../ground/connection.tsx';
import { tell } from '../ground/errors.tsx';
import { overPage } from '../ground/over-page.ts';
import { go } from '../ground/route.ts';
import { Sign } from '../ground/signs.tsx';
import { aboutTime } from '../ground/about-time.ts';
import { kindName, stepOf, useJobTitle } from './job-names.ts';
import { JobProgress } from './job-progress.tsx';
import './jobs.css';

interface Props {
  readonly job: JobView;
  /** Whether it can begin before the one above it, after the one below. */
  readonly earlier: boolean;
  readonly later: boolean;
  readonly onLog: () => void;
}

/** One job in the drawer: what it is, how far, and everything that can be done with it. */
export function JobCard({ job, earlier, later, onLog }: Props) {
  const { client } = useStudio();
  const title = useJobTitle()(job);
  const move = (by: -1 | 1) => client.jobs.move({ id: job.id, by }).catch(tell);
  const step = stepOf(job);
  const { projectId } = job;
  const open = () => {
    overPage.close();
    if (projectId !== null) go({ kind: 'project', id: projectId, step: step ?? 'source' });
  };
  return (
    <Stack component="article" gap={6} className="job-card" aria-label={title}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={600} truncate title={title}>
          {title}
        </Text>
        <Group gap={2} wrap="nowrap">
          {earlier && (
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              c="var(--mantine-color-text)"
              aria-label={`Begin ${kindName(job)} earlier`}
              title="Begin earlier"
              onClick={() => void move(-1)}
            >
              <Sign name="up" />
            </ActionIcon>
          )}
          {later && (
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              c="var(--mantine-color-text)"
              aria-label={`Begin ${kindName(job)} later`}
              title="Begin later"
              onClick={() => void move(1)}
            >
              <Sign name="down" />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {job.status !== 'done' && <JobProgress job={job} />}
      <Group gap={4} justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {job.status === 'done' ? `Done ${ended(job)}` : ''}
        </Text>
        <Group gap={4} wrap="nowrap">
          {projectId !== null && (
            <Button size="compact-xs" variant="subtle" onClick={open}>
              Open
            </Button>
          )}
          {job.startedAt !== null && (
            <Button size="compact-xs" variant="subtle" onClick={onLog}>
              Log
            </Button>
          )}
          {job.error && (
            <Button size="compact-xs" variant="subtle" onClick={() => void copyError(job)}>
              Copy the error
            </Button>
          )}
        </Group>
      </Group>
    </Stack>
  );
}

/** "at 14:02, after 3:20". */
function ended({ startedAt, finishedAt }: JobView): string {
  if (finishedAt === null) return '';
  const at = new Date(finishedAt);
  const when =
    Date.now() - at.getTime() < 86_400_000
      ? `at ${at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}`
      : `on ${at.toLocaleDateString()}`;
  return startedAt === null ? when : `${when}, after ${aboutTime((at.getTime() - Date.parse(startedAt)) / 1000)}`;
}

async function copyError({ kind, error }: JobView): Promise<void> {
  if (!error) return;
  const { code, message, hint, detail = '' } = error;
  await navigator.clipboard
    .writeText([`${kind}: ${code}`, message, hint, detail].filter((line) => line !== '').join('\n'))
    .catch(tell);
}
