import { useEffect, useRef, type ReactNode } from 'react';
import { useTimeline } from './use-timeline.tsx';
import './items.css';

/** Over the lanes; what is in it is placed by CSS variables, so that zooming and scrolling render nothing. */
export function TimelineLayer({ children }: { readonly children: ReactNode }) {
  const { view } = useTimeline();
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = () => {
      const element = layer.current;
      if (!element) return;
      element.style.setProperty('--pps', String(view.window.pixelsPerSecond));
      element.style.setProperty('--from', String(view.window.from));
      element.style.transform = `translateX(${-view.window.from * view.window.pixelsPerSecond}px)`;
    };
    place();
    return view.subscribe(place);
  }, [view]);
  return (
    <div className="timeline-items">
      <div ref={layer} className="timeline-layer">
        {children}
      </div>
    </div>
  );
}
