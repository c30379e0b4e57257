import { Center, Loader } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Take } from '../../shared/domain/take.ts';
import { type StudioClient, useStudio } from '../ground/connection.tsx';
import { explain, tell } from '../ground/errors.tsx';
import { useNotices } from '../ground/notices.tsx';
import { useFollowed } from '../ground/store.ts';
import { OpenTakes, type OpenTake, type TakeShelf } from './open-takes.ts';
import type { TakeEditor } from './take-editor.ts';

const TakeContext = createContext<{ readonly takes: OpenTakes; readonly inHand: OpenTake } | undefined>(undefined);

/** Opens the take of a project that was open last, and saves every edit of it. */
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
  const [takes] = useState(() => new OpenTakes(shelfOf(client, projectId), EVENTS));
  const [failure, setFailure] = useState<{ readonly error: unknown }>();
  const inHand = useFollowed(takes, () => takes.inHand);
  useEffect(() => {
    takes.begin(sessionStorage.getItem(keyOf(projectId))).catch((error: unknown) => setFailure({ error }));
    const flush = () => void takes.flush();
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
      flush();
    };
  }, [takes, projectId]);
  useEffect(() => {
    if (inHand) sessionStorage.setItem(keyOf(projectId), inHand.id);
  }, [inHand, projectId]);
  useNotices((notice) => {
    if (notice.kind === 'take' && notice.projectId === projectId) takes.heard(notice.takeId, notice.revision);
  });
  const value = useMemo(() => inHand && { takes, inHand }, [takes, inHand]);
  if (failure) return failed(failure.error);
  if (!value) {
    return (
      <Center h="100%">
        <Loader aria-label="Opening the take" />
      </Center>
    );
  }
  return <TakeContext.Provider value={value}>{children}</TakeContext.Provider>;
}

/** What was open lasts as long as this window, a reload included. */
const keyOf = (projectId: string): string => `likeness:take:${projectId}`;

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

function shelfOf(client: StudioClient, id: string): TakeShelf {
  return {
    usual: async () => (await client.takes.get({ id })).id,
    store: (take) => ({
      load: () => client.takes.get({ id, take }),
      save: (edited, revision) => client.takes.save({ id, takeId: take, take: edited, revision }),
      isBusy: (error) => explain(error).code === 'busy',
    }),
    opened: (take) => void client.takes.open({ id, take }).catch(tell),
  };
}

/** Which take of the project is in hand, and how to take another. */
export function useOpenTakes(): { readonly id: string; readonly takes: OpenTakes } {
  const context = useContext(TakeContext);
  if (!context) throw new Error('useOpenTakes is used outside a workspace');
  return { id: context.inHand.id, takes: context.takes };
}

/** The editor itself, for gestures and for what draws by itself; it does not make its user render. */
export function useTakeEditor(): TakeEditor {
  const context = useContext(TakeContext);
  if (!context) throw new Error('useTakeEditor is used outside a workspace');
  return context.inHand.editor;
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
