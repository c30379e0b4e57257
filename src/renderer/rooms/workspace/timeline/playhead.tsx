import { useEffect, useRef, type KeyboardEvent } from 'react';
import { timecode } from '../../../../shared/domain/timecode.ts';
import { useTransport } from '../transport/use-transport.tsx';
import { useTimeline } from './use-timeline.tsx';

/**
 * Where it plays. While it plays it goes from frame to frame, by the transport's events otherwise: what moves more
 * often than the picture costs the picture.
 */
export function Playhead() {
  const transport = useTransport();
  const { view } = useTimeline();
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let asked = 0;
    const place = () => {
      const element = line.current;
      if (!element) return;
      const now =
        transport.state.playback.kind === 'playing' ? transport.frames.floor(transport.now()) : transport.now();
      element.style.transform = `translateX(${Math.round(view.x(now))}px)`;
      const x = view.x(now);
      element.style.visibility = x < -1 || x > view.window.width + 1 ? 'hidden' : 'visible';
    };
    const tick = () => {
      asked = 0;
      if (transport.state.playback.kind === 'playing') {
        view.reveal(transport.now());
        asked = requestAnimationFrame(tick);
      }
      place();
    };
    const changed = () => {
      const { kind } = transport.state.playback;
      if (kind === 'playing') asked ||= requestAnimationFrame(tick);
      else if (kind === 'paused') view.reveal(transport.state.time);
      place();
      const element = line.current;
      element?.setAttribute('aria-valuenow', transport.state.time.toFixed(3));
      element?.setAttribute('aria-valuemax', transport.state.duration.toFixed(3));
      element?.setAttribute('aria-valuetext', timecode(transport.state.time, transport.state.fps));
    };
    changed();
    const forgets = [transport.subscribe(changed), view.subscribe(place)];
    return () => {
      for (const forget of forgets) forget();
      cancelAnimationFrame(asked);
    };
  }, [transport, view]);
  const onKeyDown = (event: KeyboardEvent) => {
    const key = KEYS[event.key];
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (key === 'start') transport.seek(0);
    else if (key === 'end') transport.seek(transport.state.duration);
    else if (event.shiftKey) transport.seek(transport.now() + key);
    else transport.step(key);
  };
  return (
    <div
      ref={line}
      className="playhead"
      role="slider"
      tabIndex={0}
      aria-label="Playhead"
      aria-valuemin={0}
      aria-valuenow={0}
      aria-valuemax={0}
      onKeyDown={onKeyDown}
    >
      <span className="playhead-grip" />
    </div>
  );
}

const KEYS: Readonly<Record<string, 1 | -1 | 'start' | 'end'>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  Home: 'start',
  End: 'end',
};
