import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { CellFault, ListRow } from '../../../shared/contract/lists.ts';
import type { FileRef } from '../../../shared/contract/studio.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { host } from '../../ground/host/index.ts';
import { takeFocus } from '../../ground/keep-focus.ts';
import { FilmsTable } from './films-table.tsx';
import { Refused } from './sending-list.tsx';

type State =
  | { readonly kind: 'reading' }
  | { readonly kind: 'refused'; readonly error: unknown }
  | {
      readonly kind: 'read';
      readonly file: FileRef;
      readonly rows: readonly ListRow[];
      readonly faults: readonly CellFault[];
    };

interface Props {
  readonly table: File;
  readonly onClose: () => void;
  readonly onBegun: () => void;
}

/** What a table asks for, before anything is made. */
export function FilmsAsked({ table, onClose, onBegun }: Props) {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const [state, setState] = useState<State>({ kind: 'reading' });
  const [beginning, setBeginning] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const read = async (): Promise<void> => {
      const file = await host.take(table, () => undefined, signal);
      signal.addEventListener('abort', () => void client.projects.leaveOut({ file }));
      const { rows, faults } = await client.lists.read({ file, name: table.name }, { signal });
      setState({ kind: 'read', file, rows, faults });
    };
    read().catch((error: unknown) => signal.aborted || setState({ kind: 'refused', error }));
    return () => stop.abort();
  }, [client, table]);

  if (state.kind === 'reading') return <Loader aria-label="Reading the table" />;
  if (state.kind === 'refused')
    return (
      <Stack>
        <Refused name={table.name} error={state.error} />
        <Group justify="flex-end">
          <Button onClick={onClose} ref={takeFocus}>
            Close
          </Button>
        </Group>
      </Stack>
    );
  const { file, rows, faults } = state;
  const make = async (): Promise<void> => {
    setBeginning(true);
    try {
      const list = await client.lists.make({ file, name: table.name });
      cache.setQueryData(queries.lists.newest.queryKey(), list);
      onBegun();
    } catch (error) {
      tell(error);
      setBeginning(false);
    }
  };
  const wrong = new Map<number, string[]>();
  for (const { row, column } of faults) wrong.set(row, [...(wrong.get(row) ?? []), column]);
  return (
    <Stack>
      {faults.length > 0 && <Faults faults={faults} />}
      <FilmsTable
        rows={rows}
        state={
          faults.length > 0
            ? {
                title: 'Wrong',
                of: ({ row }) => <span className="films-wrong">{wrong.get(row)?.join(', ')}</span>,
              }
            : undefined
        }
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} ref={faults.length > 0 ? takeFocus : undefined}>
          Close
        </Button>
        <Button onClick={() => void make()} disabled={faults.length > 0} loading={beginning} ref={takeFocus}>
          {rows.length === 1 ? 'Make the film' : `Make ${rows.length.toLocaleString('en')} films`}
        </Button>
      </Group>
    </Stack>
  );
}

const MOST_TOLD = 50;

function Faults({ faults }: { readonly faults: readonly CellFault[] }) {
  const more = faults.length - MOST_TOLD;
  return (
    <Alert color="red" title="Nothing is made yet: mend these cells and drop the table again.">
      <ul className="films-faults" aria-label="What is wrong">
        {faults.slice(0, MOST_TOLD).map(({ row, column, message }) => (
          <li key={`${row} ${column} ${message}`}>
            <Text size="sm">
              Row {row}, column “{column}”: {message}
            </Text>
          </li>
        ))}
      </ul>
      {more > 0 && <Text size="sm">… and {more.toLocaleString('en')} more.</Text>}
    </Alert>
  );
}
