import { Modal } from '@mantine/core';
import { useRef } from 'react';
import { useActions } from '../../ground/actions/index.ts';
import { overPage, useOverPage } from '../../ground/over-page.ts';
import { FilmsAsked } from './films-asked.tsx';
import { showTable, TABLE_FILES } from './films-files.ts';
import { FilmsMaking } from './films-making.tsx';
import { useNewestList } from './use-newest-list.ts';

/**
 * A table of films: what is asked for and what is wrong with it, then what becomes of each. Closed, the films are made
 * all the same.
 */
export function FilmsDialog() {
  const over = useOverPage();
  const newest = useNewestList();
  const choose = useRef<HTMLInputElement>(null);
  useActions([
    {
      id: 'library.films',
      title: 'Make the films of a table…',
      group: 'Library',
      run: () => choose.current?.click(),
    },
    {
      id: 'library.list',
      title: 'Show the films of the table',
      group: 'Library',
      enabled: newest !== null,
      run: () => overPage.show({ kind: 'films', table: null }),
    },
  ]);
  const table = over.kind === 'films' ? over.table : null;
  return (
    <>
      <input
        ref={choose}
        type="file"
        hidden
        accept={Object.entries(TABLE_FILES).flat(2).join(',')}
        data-testid="choose-table"
        onChange={({ currentTarget }) => {
          showTable([...(currentTarget.files ?? [])]);
          currentTarget.value = ''; // the same file may be chosen again
        }}
      />
      <Modal
        opened={over.kind === 'films'}
        onClose={overPage.close}
        size="xl"
        title={`Films of ${table?.name ?? newest?.name ?? 'a table'}`}
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {over.kind === 'films' && table && (
          <FilmsAsked
            table={table}
            onClose={overPage.close}
            onBegun={() => overPage.show({ kind: 'films', table: null })}
          />
        )}
        {over.kind === 'films' && !table && newest && (
          <FilmsMaking key={newest.id} list={newest} onClose={overPage.close} />
        )}
      </Modal>
    </>
  );
}
