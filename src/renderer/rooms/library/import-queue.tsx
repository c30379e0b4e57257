import { Text, Title } from '@mantine/core';
import { Dropzone, type FileRejection } from '@mantine/dropzone';
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { VIDEO_ENDINGS } from '../../../shared/domain/video-files.ts';
import { useActions } from '../../ground/actions/index.ts';
import { tell } from '../../ground/errors.tsx';
import { useOverPage } from '../../ground/over-page.ts';
import { go } from '../../ground/route.ts';
import type { VideoFile } from '../../ground/host/index.ts';
import { ConsentDialog } from './consent-dialog.tsx';
import { isTable, showTable, TABLE_FILES } from './films-files.ts';
import './library.css';

/** By ending as well as by type: browsers know no type for some containers. */
export const VIDEO_FILES = { 'video/*': [...VIDEO_ENDINGS] };

interface Waiting {
  readonly key: number;
  readonly file: VideoFile;
}
const ImportContext = createContext<(files: readonly VideoFile[]) => void>(() => undefined);
let nextKey = 0;

/** Takes videos dropped anywhere on the window, and asks about them one after the other; and tables of films. */
export function ImportQueue({ children }: { readonly children: ReactNode }) {
  const [waiting, setWaiting] = useState<readonly Waiting[]>([]);
  const add = useCallback(
    (files: readonly VideoFile[]) =>
      setWaiting((already) => [...already, ...files.map((file) => ({ key: nextKey++, file }))]),
    [],
  );
  const [first, ...others] = waiting;
  const over = useOverPage();
  const shown = over.kind === 'films'; // a table: what is dropped beside it would take its place
  // What is dropped there is to be looked at, or is a certificate: neither is imported.
  const taken = over.kind === 'settings' && (over.page === 'check' || over.page === 'general');
  const done = (count: number, projectId?: string) => {
    setWaiting((all) => all.slice(count));
    if (projectId === undefined || others.length >= count) return; // more of them to ask about
    go(count === 1 ? { kind: 'project', id: projectId, step: 'source' } : { kind: 'library' });
  };
  useOpened(add);
  const choose = useRef<HTMLInputElement>(null);
  useActions([
    {
      id: 'library.import',
      title: 'Import a video…',
      group: 'Library',
      shortcuts: ['Mod+O'],
      enabled: first === undefined,
      run: () => choose.current?.click(),
    },
  ]);
  return (
    <ImportContext.Provider value={add}>
      {children}
      <Dropzone.FullScreen
        tabIndex={-1}
        accept={{ ...VIDEO_FILES, ...TABLE_FILES }}
        onDrop={(files: readonly File[]) => (files.some(isTable) ? showTable(files) : add(files))}
        onReject={refuse}
        active={first === undefined && !taken && !shown}
      >
        <div className="drop-veil">
          <Title order={2}>Drop to import</Title>
          <Text>mp4, mov, mkv, webm, avi, or a table of films: csv, tsv, json</Text>
        </div>
      </Dropzone.FullScreen>
      <input
        ref={choose}
        type="file"
        hidden
        multiple
        accept={Object.entries(VIDEO_FILES).flat(2).join(',')}
        data-testid="choose-videos"
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])]);
          currentTarget.value = ''; // the same file may be chosen again
        }}
      />
      {first && (
        <ConsentDialog key={first.key} file={first.file} others={others.map(({ file }) => file)} onDone={done} />
      )}
    </ImportContext.Provider>
  );
}

/**
 * Videos that were opened from outside: the command line, the program's icon, its menu. One that is a project already
 * is shown.
 */
function useOpened(add: (files: readonly VideoFile[]) => void): void {
  useEffect(
    () =>
      window.likeness?.onOpen((opened) => {
        if (opened.kind === 'project') go({ kind: 'project', id: opened.id, step: 'source' });
        else add([opened]);
      }),
    [add],
  );
}

export function useImport(): (files: readonly VideoFile[]) => void {
  return useContext(ImportContext);
}

export function refuse(rejected: readonly FileRejection[]): void {
  const name = rejected[0]?.file.name ?? 'This';
  tell({ code: 'bad-video', message: `${name} is not a video.`, hint: 'Drop an mp4, mov, mkv, webm or avi file.' });
}
