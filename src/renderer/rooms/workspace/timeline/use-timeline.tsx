import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { LANE_NAMES, type LaneName } from '../../../../shared/domain/lanes/index.ts';
import { useTake } from '../../../take/use-take.tsx';
import { Store, useFollowed, useStore } from '../../../ground/store.ts';
import { useTransport } from '../transport/use-transport.tsx';
import type { KeyedLane } from './lane-layout.ts';
import type { Guide } from './guide-line.tsx';
import { NOTHING, type Selection } from './selection.ts';
import { TimelineView } from './view.ts';

interface TimelineState {
  readonly view: TimelineView;
  readonly guide: Guide;
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
  readonly shownLanes: Store<ShownLanes>;
  /** The clip beside which gain and fades are asked for. */
  readonly loudness: Store<string | null>;
  /** The keyframe whose handles are asked for as numbers. */
  readonly handles: Store<string | null>;
  readonly menu: Store<AskedMenu | null>;
}

/** A context menu: where on the page, in CSS pixels, and the commands in it, by groups. */
export interface AskedMenu {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly items: readonly (readonly string[])[];
}

/** Which lanes of keyframes are on screen beside those that have some, and whose curves are. */
export interface ShownLanes {
  readonly added: readonly LaneName[];
  readonly open: readonly LaneName[];
}
const TimelineContext = createContext<TimelineState | undefined>(undefined);

/** Zoom, scroll and selection of a workspace's timeline. */
export function TimelineProvider({ children }: { readonly children: ReactNode }) {
  const transport = useTransport();
  const [view] = useState(() => new TimelineView());
  const [guide] = useState<Guide>(() => new Store(null));
  const [shownLanes] = useState(() => new Store<ShownLanes>({ added: [], open: [] }));
  const [loudness] = useState(() => new Store<string | null>(null));
  const [handles] = useState(() => new Store<string | null>(null));
  const [menu] = useState(() => new Store<AskedMenu | null>(null));
  const [selection, select] = useState<Selection>(NOTHING);
  useEffect(() => {
    const follow = () => view.setDuration(transport.state.duration);
    follow();
    return transport.subscribe(follow);
  }, [view, transport]);
  const state = useMemo(
    () => ({ view, guide, selection, select, shownLanes, loudness, handles, menu }),
    [view, guide, selection, shownLanes, loudness, handles, menu],
  );
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

/** Lanes of keyframes on the timeline, in their order: those that say something, and those that were asked for. */
export function useKeyedLanes(): readonly KeyedLane[] {
  const { shownLanes } = useTimeline();
  const { added, open } = useStore(shownLanes);
  const { lanes } = useTake().take;
  return useMemo(
    () =>
      LANE_NAMES.filter((name) => lanes[name] || added.includes(name)).map((name) => ({
        name,
        open: open.includes(name),
      })),
    [lanes, added, open],
  );
}
