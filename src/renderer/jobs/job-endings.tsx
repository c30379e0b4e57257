import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useRef } from 'react';
import type { AnyJobKind, JobView } from '../../shared/contract/job.ts';
import { useNotices } from '../ground/notices.tsx';
import { overPage } from '../ground/over-page.ts';
import { go, type Route } from '../ground/route.ts';
import { kindName, stepOf, useJobTitle } from './job-names.ts';

/** Of no interest by themselves: what they were for says more. */
const QUIET: ReadonlySet<AnyJobKind> = new Set(['pictures', 'evaluate', 'demo-sample', 'estimate', 'checkpoint']);

/** Tells when a job ended whose panel is not on screen. */
export function JobEndings({ route }: { readonly route: Route }) {
  const titleOf = useJobTitle();
  const told = useRef(new Set<string>());
  useNotices((notice) => {
    if (notice.kind !== 'job') return;
    const { job } = notice;
    if (job.status === 'running' || job.status === 'queued') {
      if (told.current.delete(job.id)) notifications.hide(`job ${job.id}`); // it is tried again
      return;
    }
    if (job.status === 'cancelled' || told.current.has(job.id)) return; // somebody stopped it: they know
    told.current.add(job.id);
    const failed = job.status !== 'done';
    if ((QUIET.has(job.kind) && !failed) || onScreen(job, route)) return;
    show(job, titleOf(job), failed);
  });
  return null;
}

function onScreen(job: JobView, route: Route): boolean {
  if (overPage.get().kind === 'jobs') return true;
  if (route.kind === 'library') return job.kind === 'demo-sample';
  // Where it is asked for, its end is waited for.
  if (job.kind === 'face-basis' || job.kind === 'hubert-graphs') return true;
  if (job.kind === 'set-up') return route.step === 'source' || route.step === 'train';
  return route.id === job.projectId && (stepOf(job) === null || stepOf(job) === route.step);
}

function show(job: JobView, title: string, failed: boolean): void {
  const { projectId } = job;
  const step = stepOf(job) ?? 'source';
  const id = `job ${job.id}`;
  notifications.show({
    id,
    color: failed ? 'red' : 'green',
    title: failed ? `${title}: ${job.status === 'interrupted' ? 'cut off' : 'failed'}` : `${title}: done`,
    message: (
      <Stack gap={6}>
        {job.error && <Text size="sm">{job.error.message}</Text>}
        {projectId !== null && (
          <Group>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Show ${kindName(job)}`}
              onClick={() => {
                notifications.hide(id);
                go({ kind: 'project', id: projectId, step });
              }}
            >
              Show
            </Button>
          </Group>
        )}
      </Stack>
    ),
    autoClose: failed ? 20_000 : 10_000, // the list of jobs keeps it
    closeButtonProps: { 'aria-label': 'Close' },
    role: failed ? 'alert' : 'status',
  });
}
