import { useEffect, useRef } from 'react';
import { parseTimecode, timecode } from '../../../../shared/domain/timecode.ts';
import { useShownState, useShownTransport } from './use-transport.tsx';
import './transport.css';

/** Where the playhead is; type another time to go there: 7.5, 1:07, 00:01:07:12, 120f, +2. */
export function TimecodeField() {
  const transport = useShownTransport();
  const { duration, fps } = useShownState();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    let asked = 0;
    const show = () => {
      asked = 0;
      const playing = transport.state.playback.kind === 'playing';
      // a frame's own time, as long as the frame is shown
      const text = timecode(playing ? transport.frames.floor(transport.now()) : transport.now(), fps);
      if (field.current && document.activeElement !== field.current && field.current.value !== text)
        field.current.value = text;
      if (playing) asked = requestAnimationFrame(show);
    };
    const changed = () => {
      if (asked === 0) show();
    };
    changed();
    const forget = transport.subscribe(changed);
    return () => {
      forget();
      cancelAnimationFrame(asked);
    };
  }, [transport, fps]);
  const commit = (text: string) => {
    const seconds = parseTimecode(text, { now: transport.now(), fps });
    if (seconds !== undefined) transport.seek(seconds);
  };
  return (
    <span className="timecode">
      <input
        ref={field}
        aria-label="Time"
        title="Type a time to go there: 7.5, 1:07, 00:01:07:12, 120f, +2"
        spellCheck={false}
        autoComplete="off"
        onFocus={(event) => event.currentTarget.select()}
        onBlur={(event) => (event.currentTarget.value = timecode(transport.now(), fps))}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(event.currentTarget.value);
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <span className="timecode-total">/ {timecode(duration, fps)}</span>
    </span>
  );
}
