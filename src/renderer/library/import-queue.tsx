import { Text, Title } from '@mantine/core';
import { Dropzone, type FileRejection } from '@mantine/dropzone';
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';
import { tell } from '../app/errors.tsx';
import { go } from '../app/route.ts';
import { ConsentDialog } from './consent-dialog.tsx';

/** By ending as well as by type: browsers know no type for some containers. */
export const VIDEO_FILES = { 'video/*': ['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.avi'] };

interface Waiting {
  readonly key: number;
  readonly file: File;
}
const ImportContext = createContext<(files: readonly File[]) => void>(() => undefined);
let nextKey = 0;

/** Takes videos dropped anywhere on the window, and asks about them one after the other. */
export function ImportQueue({ children }: { readonly children: ReactNode }) {
  const [waiting, setWaiting] = useState<readonly Waiting[]>([]);
  const add = useCallback((files: readonly File[]) => setWaiting((already) => [...already, ...files.map((file) => ({ key: nextKey++, file }))]), []);
  const [first, ...others] = waiting;
  const done = (projectId?: string) => {
    setWaiting((all) => all.slice(1));
    if (projectId !== undefined && others.length === 0) go({ kind: 'project', id: projectId, step: 'source' });
  };
  return (
    <ImportContext.Provider value={add}>
      {children}
      <Dropzone.FullScreen tabIndex={-1} accept={VIDEO_FILES} onDrop={add} onReject={refuse} active={first === undefined}>
        <div className="drop-veil">
          <Title order={2}>Drop to import</Title>
          <Text>mp4, mov, mkv, webm, avi</Text>
        </div>
      </Dropzone.FullScreen>
      {first && <ConsentDialog key={first.key} file={first.file} others={others.length} onDone={done} />}
    </ImportContext.Provider>
  );
}

export function useImport(): (files: readonly File[]) => void {
  return useContext(ImportContext);
}

export function refuse(rejected: readonly FileRejection[]): void {
  const name = rejected[0]?.file.name ?? 'This';
  tell({ code: 'bad-video', message: `${name} is not a video.`, hint: 'Drop an mp4, mov, mkv, webm or avi file.' });
}
