import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { followPointer } from './drag.ts';
import { useTimeline } from './use-timeline.tsx';

/** The whole timeline as a strip with what is on screen marked: drag it to scroll. */
export function Overview() {
  const { view } = useTimeline();
  const strip = useRef<HTMLDivElement>(null);
  const thumb = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = () => {
      const { from, extent } = view.window;
      const element = thumb.current;
      if (!element || !strip.current) return;
      element.style.left = `${(100 * from) / extent}%`;
      element.style.width = `${(100 * Math.min(extent, view.to - from)) / extent}%`;
      strip.current.setAttribute(
        'aria-valuenow',
        String(Math.round((100 * from) / Math.max(1e-9, extent - (view.to - from)) || 0)),
      );
    };
    place();
    return view.subscribe(place);
  }, [view]);
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const { extent } = view.window;
    const onScreen = view.to - view.window.from;
    const pressed = ((event.clientX - left) / width) * extent;
    const inside = pressed >= view.window.from && pressed <= view.to;
    if (!inside) view.scrollTo(pressed - onScreen / 2);
    const { from } = view.window;
    followPointer(event, { move: (byX) => view.scrollTo(from + (byX / width) * extent), end: () => undefined }, 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = {
      ArrowLeft: -0.1,
      ArrowRight: 0.1,
      PageUp: -0.9,
      PageDown: 0.9,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    view.scrollTo(
      Number.isFinite(by) ? view.window.from + by * (view.to - view.window.from) : by < 0 ? 0 : view.window.extent,
    );
  };
  return (
    <div
      ref={strip}
      className="overview"
      role="scrollbar"
      tabIndex={0}
      aria-label="Scroll the timeline"
      aria-controls="timeline-lanes"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      onPointerDown={press}
      onKeyDown={onKeyDown}
    >
      <div ref={thumb} className="overview-thumb" />
    </div>
  );
}
