import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { rowsOf } from '../../../../shared/domain/clips.ts';
import { useTake } from '../../../take/use-take.tsx';
import { useLiveMotion } from '../../../live/live-provider.tsx';
import { TransportBar } from './transport-bar.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { followPointer } from './drag.ts';
import { FilmPending } from './film-pending.tsx';
import { Items } from './items.tsx';
import { LaneCanvas } from './lane-canvas.tsx';
import { LaneNames } from './lane-names.tsx';
import { layOut, leastHeight } from './lane-layout.ts';
import { Overview } from './overview.tsx';
import { Playhead } from './playhead.tsx';
import { TimelineActions } from './timeline-actions.tsx';
import { KeyedRows } from './keyed/keyed-rows.tsx';
import { useKeyedLanes, useTimeline } from './use-timeline.tsx';
import './timeline.css';

/** The take: transport above, lanes below; a press on a lane scrubs. */
export function Timeline({ project }: { readonly project: ProjectDetail }) {
  const transport = useTransport();
  const { view } = useTimeline();
  const motion = useLiveMotion();
  const area = useRef<HTMLDivElement>(null);
  const { take } = useTake();
  const rows = useMemo(() => rowsOf(take.clips).count, [take.clips]);
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

  const scrub = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const { left } = event.currentTarget.getBoundingClientRect();
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

  return (
    <section className="timeline" aria-label="Timeline">
      <TimelineActions project={project} />
      <TransportBar project={project} />
      <div className="timeline-scroll">
        <div className="timeline-grid" style={{ height }}>
          <LaneNames lanes={lanes} />
          <div ref={area} id="timeline-lanes" className="timeline-lanes" onPointerDown={scrub}>
            <LaneCanvas project={project} lanes={lanes} height={height} motion={motion} />
            {project.pictures === null && <FilmPending project={project} place={lanes.film} />}
            <Items project={project} lanes={lanes} />
            <KeyedRows project={project} places={lanes.keyed} />
            <Playhead />
          </div>
        </div>
      </div>
      <div className="timeline-foot">
        <Overview />
      </div>
    </section>
  );
}
