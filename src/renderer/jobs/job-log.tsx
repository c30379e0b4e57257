import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import type { JobView } from '../../shared/contract/studio.ts';
import { useStudio } from '../ground/connection.tsx';
import { tell } from '../ground/errors.tsx';
import { kindName } from './job-names.ts';
import { active, useJobs } from './use-job.ts';

const REFRESH_MS = 1000;

/** The end of what a job wrote; grows while it runs. */
export function JobLogDialog({ job: opened, onClose }: { readonly job: JobView; readonly onClose: () => void }) {
  const { queries } = useStudio();
  const job = useJobs().find(({ id }) => id === opened.id) ?? opened;
  const log = useQuery(
    queries.jobs.log.queryOptions({
      input: { id: job.id },
      staleTime: 0,
      refetchInterval: active(job) ? REFRESH_MS : false,
    }),
  );
  const [part, setPart] = useState<'events' | 'output'>('events');
  const text = log.data?.[part] ?? '';
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={`Log: ${kindName(job)}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="sm">
        <Group justify="space-between">
          <SegmentedControl
            size="xs"
            aria-label="Part of the log"
            value={part}
            onChange={(value) => setPart(value as 'events' | 'output')}
            data={[
              { value: 'events', label: 'What happened' },
              { value: 'output', label: "The program's own output" },
            ]}
          />
          <Button
            size="compact-sm"
            variant="default"
            disabled={text === ''}
            onClick={() => void navigator.clipboard.writeText(text).catch(tell)}
          >
            Copy
          </Button>
        </Group>
        {text === '' ? (
          <Text c="dimmed">{log.isPending ? 'Reading…' : 'Nothing was written here.'}</Text>
        ) : (
          <Tail text={text} />
        )}
      </Stack>
    </Modal>
  );
}

/** Stays at its end, unless somebody scrolled up to read. */
function Tail({ text }: { readonly text: string }) {
  const box = useRef<HTMLPreElement>(null);
  const following = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
  }, [text]);
  return (
    <pre
      ref={box}
      className="log"
      tabIndex={0}
      role="log"
      aria-label="Log"
      aria-live="off"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        following.current = scrollTop + clientHeight > scrollHeight - 8;
      }}
    >
      {text}
    </pre>
  );
}
