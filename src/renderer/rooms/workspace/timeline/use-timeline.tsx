import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Store, useFollowed } from '../../../ground/store.ts';
import { useTransport } from '../transport/use-transport.tsx';
import type { Guide } from './guide-line.tsx';
import { NOTHING, type Selection } from './selection.ts';
import { TimelineView } from './view.ts';

interface TimelineState {
  readonly view: TimelineView;
  readonly guide: Guide;
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
}
const TimelineContext = createContext<TimelineState | undefined>(undefined);

/** Zoom, scroll and selection of a workspace's timeline. */
export function TimelineProvider({ children }: { readonly children: ReactNode }) {
  const transport = useTransport();
  const [view] = useState(() => new TimelineView());
  const [guide] = useState<Guide>(() => new Store(null));
  const [selection, select] = useState<Selection>(NOTHING);
  useEffect(() => {
    const follow = () => view.setDuration(transport.state.duration);
    follow();
    return transport.subscribe(follow);
  }, [view, transport]);
  const state = useMemo(() => ({ view, guide, selection, select }), [view, guide, selection]);
  return <TimelineContext.Provider value={state}>{children}</TimelineContext.Provider>;
}

export function useTimeline(): TimelineState {
  const state = useContext(TimelineContext);
  if (!state) throw new Error('useTimeline is used outside a workspace');
  return state;
}

/** Renders with each change of zoom or scroll: for the few controls that show it. */
export function useTimelineWindow() {
  const { view } = useTimeline();
  return useFollowed(view, () => view.window);
}
