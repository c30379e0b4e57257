import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import type { Notice } from '../../shared/contract/studio.ts';
import { useStudio } from './connection.tsx';
import { Listeners } from './store.ts';

type Notices = Listeners<[notice: Notice]>;
const NoticeContext = createContext<Notices | undefined>(undefined);

/** Follows what happens in the core, so that every window on one library shows the same. */
export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const [listeners] = useState<Notices>(() => new Listeners());
  useEffect(() => {
    const stop = new AbortController();
    void (async () => {
      while (!stop.signal.aborted) {
        const notices = await client.notices(undefined, { signal: stop.signal });
        for await (const notice of notices) {
          if (notice.kind !== 'trainer') void cache.invalidateQueries({ queryKey: queries.jobs.key() });
          if (
            notice.kind === 'projects' ||
            (notice.kind === 'job' && notice.job.status !== 'running') ||
            (notice.kind === 'trainer' && notice.event.type === 'artifact') // an avatar that can be used
          )
            void cache.invalidateQueries({ queryKey: queries.projects.key() });
          if (notice.kind === 'lists') void cache.invalidateQueries({ queryKey: queries.lists.key() });
          if (notice.kind === 'settings') void cache.invalidateQueries({ queryKey: queries.settings.key() });
          if (
            notice.kind === 'trainer' &&
            (notice.event.type === 'proof' || notice.event.type === 'checkpoint') &&
            notice.projectId !== null
          )
            void cache.invalidateQueries({ queryKey: queries.projects.get.key({ input: { id: notice.projectId } }) });
          listeners.tell(notice);
        }
        void cache.invalidateQueries(); // too far behind: some were missed
      }
    })().catch(() => undefined); // a lost connection is shown by the connection itself
    return () => stop.abort();
  }, [client, cache, queries, listeners]);
  return <NoticeContext.Provider value={listeners}>{children}</NoticeContext.Provider>;
}

export function useNotices(listener: (notice: Notice) => void): void {
  const listeners = useContext(NoticeContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => listeners?.subscribe((notice) => latest.current(notice)), [listeners]);
}
