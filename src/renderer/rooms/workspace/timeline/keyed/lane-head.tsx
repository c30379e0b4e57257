import { useEffect, useRef } from 'react';
import { setMuted, setSolo } from '../../../../../shared/domain/lanes/index.ts';
import { useTake } from '../../../../take/use-take.tsx';
import type { KeyedPlace } from '../lane-layout.ts';
import { useTimeline } from '../use-timeline.tsx';
import { laneTitle } from './lane-words.ts';

/** What a lane of keyframes is called; a press opens it, and then it can be muted, or heard alone. */
export function LaneHead({ place: { name, open, top, height } }: { readonly place: KeyedPlace }) {
  const { take, edit } = useTake();
  const { shownLanes } = useTimeline();
  const lane = take.lanes[name];
  const [muted, solo] = [lane?.muted ?? false, lane?.solo ?? false];
  const title = laneTitle(name);
  const whole = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) whole.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  const toggle = () => {
    const { added, open: others } = shownLanes.get();
    const rest = others.filter((other) => other !== name);
    shownLanes.set({ added, open: open ? rest : [...rest, name] });
  };
  return (
    <div ref={whole} className="lane-head" style={{ top, height }} role="group" aria-label={`Lane ${title}`}>
      <button
        type="button"
        className="lane-title"
        aria-expanded={open}
        title={`${title}${muted ? ', muted' : ''}${solo ? ', alone' : ''}`}
        data-marked={muted || solo || undefined}
        onClick={toggle}
      >
        {title}
      </button>
      {open && (
        <div className="lane-marks">
          <button
            type="button"
            aria-pressed={muted}
            aria-label={`Mute ${title}`}
            title="Mute: as if it had no keyframes"
            onClick={() => edit(`${muted ? 'unmute' : 'mute'} ${title}`, (before) => setMuted(before, name, !muted))}
          >
            M
          </button>
          <button
            type="button"
            aria-pressed={solo}
            aria-label={`${title} alone`}
            title="Solo: all other lanes as if they had none"
            onClick={() => edit(`${title} alone`, (before) => setSolo(before, name, !solo))}
          >
            S
          </button>
        </div>
      )}
    </div>
  );
}
