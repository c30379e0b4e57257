import { Center, Loader } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { Take } from '../../shared/domain/take.ts';
import { type StudioClient, useStudio } from '../ground/connection.tsx';
import { explain, tell } from '../ground/errors.tsx';
import { useNotices } from '../ground/notices.tsx';
import { useFollowed } from '../ground/store.ts';
import { TakeEditor, type TakeStore } from './take-editor.ts';

const TakeContext = createContext<TakeEditor | undefined>(undefined);

/** Opens the take of a project, and saves every edit of it. */
export function TakeProvider({
  projectId,
  failed,
  children,
}: {
  readonly projectId: string;
  readonly failed: (error: unknown) => ReactNode;
  readonly children: ReactNode;
}) {
  const { client } = useStudio();
  const [opened, setOpened] = useState<TakeEditor | { readonly error: unknown }>();
  useEffect(() => {
    let left = false;
    let editor: TakeEditor | undefined;
    const store = storeOf(client, projectId);
    store.load().then(
      (take) => {
        editor = new TakeEditor(take, store, EVENTS);
        if (!left) setOpened(editor);
      },
      (error: unknown) => left || setOpened({ error }),
    );
    const flush = () => void editor?.flush();
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      left = true;
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
      flush();
    };
  }, [client, projectId]);
  useNotices((notice) => {
    if (notice.kind === 'take' && notice.projectId === projectId && opened instanceof TakeEditor)
      opened.heard(notice.revision);
  });
  if (opened === undefined) {
    return (
      <Center h="100%">
        <Loader aria-label="Opening the take" />
      </Center>
    );
  }
  if (!(opened instanceof TakeEditor)) return failed(opened.error);
  return <TakeContext.Provider value={opened}>{children}</TakeContext.Provider>;
}

const EVENTS = {
  overtaken: () =>
    notifications.show({
      title: 'Edited in another window',
      message: 'The timeline shows the newer edit. Undo brings yours back.',
      autoClose: 8000,
      closeButtonProps: { 'aria-label': 'Close' },
    }),
  saveFailed: tell,
};

function storeOf(client: StudioClient, id: string): TakeStore {
  return {
    load: () => client.takes.get({ id }),
    save: (take, revision) => client.takes.save({ id, take, revision }),
    isBusy: (error) => explain(error).code === 'busy',
  };
}

/** The editor itself, for gestures and for what draws by itself; it does not make its user render. */
export function useTakeEditor(): TakeEditor {
  const editor = useContext(TakeContext);
  if (!editor) throw new Error('useTakeEditor is used outside a workspace');
  return editor;
}

export interface TakeInHand {
  readonly take: Take;
  /** One step of undo, called by `label`: "move sound". The same take back is no edit. */
  readonly edit: (label: string, change: (take: Take) => Take) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** What undo would take back; null when there is nothing. */
  readonly canUndo: string | null;
  readonly canRedo: string | null;
}

export function useTake(): TakeInHand {
  const editor = useTakeEditor();
  useFollowed(editor, () => editor.history);
  return {
    take: editor.take,
    edit: (label, change) => editor.edit(label, change),
    undo: () => editor.undo(),
    redo: () => editor.redo(),
    canUndo: editor.canUndo,
    canRedo: editor.canRedo,
  };
}
