import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { JobView } from '../../../shared/contract/job.ts';
import type { ListView } from '../../../shared/contract/lists.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { takeFocus } from '../../ground/keep-focus.ts';
import { percentOf, useJobs } from '../../jobs/use-job.ts';
import { FilmsTable } from './films-table.tsx';
import { Refused } from './sending-list.tsx';
import { countedFilms } from './use-newest-list.ts';

type Row = ListView['rows'][number];

/** What becomes of each film of a list; closing this changes nothing. */
export function FilmsMaking({ list, onClose }: { readonly list: ListView; readonly onClose: () => void }) {
  const { client } = useStudio();
  const job = useJobs().find(({ id }) => id === list.making?.job);
  const running = list.state.kind === 'running';
  const [stopping, setStopping] = useState(false);
  const stop = (): void => {
    setStopping(true);
    client.lists.stop({ id: list.id }).catch((error: unknown) => {
      setStopping(false);
      tell(error);
    });
  };
  const ended = list.rows.filter(({ state }) => state !== 'waiting').length;
  return (
    <Stack>
      {running && (
        <Progress value={(100 * ended) / list.rows.length} animated aria-label="Films that came to their end" />
      )}
      {list.state.kind === 'failed' && <Refused name="The list was ended" error={list.state.error} />}
      <FilmsTable
        rows={list.rows}
        state={{ title: 'State', of: (row) => <RowState row={row} making={list.making?.row === row.row} job={job} /> }}
      />
      <Stack gap={2} role="status">
        <Text size="sm">
          {ENDS[list.state.kind]} {countedFilms(list)}
        </Text>
        {!running && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            The table of results: {list.results}
          </Text>
        )}
      </Stack>
      <Group justify="flex-end">
        {running && (
          <Button variant="default" onClick={stop} loading={stopping}>
            Cancel
          </Button>
        )}
        <Button onClick={onClose} ref={takeFocus}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}

const ENDS: Readonly<Record<ListView['state']['kind'], string>> = {
  running: 'This may be closed: the films are made all the same.',
  done: 'Done.',
  stopped: 'Cancelled: the same table goes on where it was stopped.',
  failed: 'The same table goes on where it ended.',
};

function RowState({ row, making, job }: { readonly row: Row; readonly making: boolean; readonly job?: JobView }) {
  if (making) return job?.status === 'running' ? `${DOING[job.kind] ?? 'making'}, ${percentOf(job)}\u00a0%` : 'next';
  if (row.state === 'failed' || row.state === 'cancelled')
    return (
      <span className="films-wrong">
        {row.state}
        {row.error && row.state === 'failed' ? `: ${row.error.message} ${row.error.hint}` : ''}
      </span>
    );
  return row.seconds === null ? row.state : `${row.state}, ${row.seconds.toFixed(1)} s`;
}
const DOING: Readonly<Record<string, string>> = { say: 'speaking', export: 'making' };
