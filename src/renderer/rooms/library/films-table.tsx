import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ListRow } from '../../../shared/contract/lists.ts';

/** More than anybody reads; what becomes of the others is in the table of results. */
const MOST_SHOWN = 300;

interface Props<Row extends ListRow> {
  readonly rows: readonly Row[];
  /** What is said of a row beside what stands in it; undefined: nothing of any. */
  readonly state: { readonly title: string; readonly of: (row: Row) => ReactNode } | undefined;
}

/** The rows of a table of films. */
export function FilmsTable<Row extends ListRow>({ rows, state }: Props<Row>) {
  return (
    <div className="films" role="region" aria-label="Films of the table" tabIndex={0}>
      <Table stickyHeader verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Row</Table.Th>
            <Table.Th>Project</Table.Th>
            <Table.Th>Says</Table.Th>
            <Table.Th>Film</Table.Th>
            {state && <Table.Th>{state.title}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, MOST_SHOWN).map((row) => (
            <Table.Tr key={row.row}>
              <Table.Th scope="row" fw={400}>
                {row.row}
              </Table.Th>
              <Table.Td>{row.project}</Table.Td>
              <Table.Td>{row.says}</Table.Td>
              <Table.Td>{row.out}</Table.Td>
              {state && <Table.Td>{state.of(row)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > MOST_SHOWN && (
        <Text size="sm" c="dimmed" p="xs">
          … and {(rows.length - MOST_SHOWN).toLocaleString('en')} more.
        </Text>
      )}
    </div>
  );
}
