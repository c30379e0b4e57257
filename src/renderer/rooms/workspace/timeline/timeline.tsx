import { useEffect, useMemo, useRef, useState, type MouseEvent, type PointerEvent } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { rowsOf } from '../../../../shared/domain/clips.ts';
import { useTake } from '../../../take/use-take.tsx';
import { useLiveMotion } from '../../../live/live-provider.tsx';
import { TransportBar } from './transport-bar.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { CommandMenu } from './command-menu.tsx';
import { followPointer } from './drag.ts';
import { FilmPending } from './film-pending.tsx';
import { Items } from './items.tsx';
import { LaneCanvas } from './lane-canvas.tsx';
import { LaneNames } from './lane-names.tsx';
import { layOut, leastHeight } from './lane-layout.ts';
import { touched } from './marquee.ts';
import { CLIPS_MENU, TIMELINE_MENU } from './menus.ts';
import { Overview } from './overview.tsx';
import { Playhead } from './playhead.tsx';
import { clipsIn, someClips } from './selection.ts';
import { TimelineActions } from './timeline-actions.tsx';
import { KeyedRows } from './keyed/keyed-rows.tsx';
import { useKeyedLanes, useTimeline } from './use-timeline.tsx';
import './timeline.css';

/** The take: transport above, lanes below; a press on a lane scrubs. */
export function Timeline({ project }: { readonly project: ProjectDetail }) {
  const transport = useTransport();
  const { view, selection, select, menu } = useTimeline();
  const motion = useLiveMotion();
  const area = useRef<HTMLDivElement>(null);
  const { take } = useTake();
  const rows = useMemo(() => rowsOf(take.clips).count, [take.clips]);
  const [box, setBox] = useState<Pick<DOMRect, 'left' | 'top' | 'width' | 'height'> | null>(null);
  const [room, setRoom] = useState(0);
  const keyed = useKeyedLanes();
  const height = Math.max(room, leastHeight(rows, keyed));
  const lanes = useMemo(() => layOut(height, rows, keyed), [height, rows, keyed]);

  useEffect(() => {
    const element = area.current!;
    const measured = new ResizeObserver(([entry]) => {
      if (!entry) return;
      view.setWidth(element.clientWidth);
      setRoom(Math.floor(element.parentElement!.parentElement!.clientHeight));
    });
    measured.observe(element);
    measured.observe(element.parentElement!.parentElement!);
    // Not by React: its wheel listener may not stop the page from zooming.
    const wheel = (event: WheelEvent) => {
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        view.zoomBy(
          Math.exp((-event.deltaY * unit) / 300),
          view.seconds(event.clientX - element.getBoundingClientRect().left),
        );
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        view.scrollBy((event.deltaX || event.deltaY) * unit);
      }
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      measured.disconnect();
      element.removeEventListener('wheel', wheel);
    };
  }, [view]);

  /** Shift and a drag beside the sounds selects all that it touches, beside those that were selected. */
  const choose = (event: PointerEvent<HTMLDivElement>, x: number, y: number) => {
    const before = clipsIn(selection);
    followPointer(event, {
      upright: true,
      move: (byX, { byY }) => {
        const [left, right] = [x, x + byX].toSorted((a, b) => a - b) as [number, number];
        const [top, bottom] = [y, y + byY].toSorted((a, b) => a - b) as [number, number];
        setBox({ left, top, width: right - left, height: bottom - top });
        const over = { from: view.seconds(left), to: view.seconds(right) };
        const rows = { top: top - lanes.sound.top, bottom: bottom - lanes.sound.top };
        select(someClips([...before, ...touched(take.clips, { ...over, ...rows }, lanes.sound.height)]));
      },
      end: () => setBox(null),
    });
  };

  const press = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    if (event.shiftKey) return choose(event, event.clientX - left, event.clientY - top);
    transport.beginScrub();
    transport.scrubTo(view.seconds(event.clientX - left));
    followPointer(
      event,
      {
        move: (_, { clientX }) => {
          transport.scrubTo(view.seconds(clientX - left));
          view.reveal(transport.state.time);
        },
        end: () => transport.endScrub(),
      },
      0,
    );
  };

  const ask = (event: MouseEvent<HTMLDivElement>) => {
    if (event.defaultPrevented) return; // a lane of keyframes has a menu of its own
    event.preventDefault();
    const clip = (event.target as Element).closest('[data-clip]')?.getAttribute('data-clip');
    if (clip && !clipsIn(selection).has(clip)) select(someClips([clip]));
    const of = clip ? { label: 'Sound', items: CLIPS_MENU } : { label: 'Timeline', items: TIMELINE_MENU };
    menu.set({ x: event.clientX, y: event.clientY, ...of });
  };

  return (
    <section className="timeline" aria-label="Timeline">
      <TimelineActions project={project} />
      <TransportBar project={project} />
      <div className="timeline-scroll">
        <div className="timeline-grid" style={{ height }}>
          <LaneNames lanes={lanes} sounds={project.sounds} />
          <div ref={area} id="timeline-lanes" className="timeline-lanes" onPointerDown={press} onContextMenu={ask}>
            <LaneCanvas project={project} lanes={lanes} height={height} motion={motion} />
            {project.pictures === null && <FilmPending project={project} place={lanes.film} />}
            <Items project={project} lanes={lanes} />
            <KeyedRows project={project} places={lanes.keyed} />
            <Playhead />
            {box && <div className="marquee" style={box} />}
          </div>
        </div>
      </div>
      <div className="timeline-foot">
        <Overview />
      </div>
      <CommandMenu />
    </section>
  );
}
