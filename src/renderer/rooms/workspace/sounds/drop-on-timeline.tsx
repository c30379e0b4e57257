import { useState } from 'react';
import { useSoundIntake } from './sound-intake.tsx';
import { useSoundDrop } from './use-sound-drop.ts';
import { useTransport } from '../transport/use-transport.tsx';
import { useTimeline } from '../timeline/use-timeline.tsx';
import './sounds.css';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Sounds dropped on the lanes begin where they were dropped; dropped elsewhere they only join the list. */
export function DropOnTimeline() {
  const { add } = useSoundIntake();
  const { view, guide } = useTimeline();
  const transport = useTransport();
  const [over, setOver] = useState(false);
  const at = ({ x, y }: Point): number | undefined => {
    const lanes = document.getElementById('timeline-lanes')?.getBoundingClientRect();
    if (!lanes || x < lanes.left || x > lanes.right || y < lanes.top || y > lanes.bottom) return undefined;
    return transport.frames.floor(Math.max(0, view.seconds(x - lanes.left)));
  };
  useSoundDrop({
    over: (point) => {
      setOver(point !== null);
      guide.set(point ? (at(point) ?? null) : null);
    },
    dropped: (files, point) => void add(files, at(point)),
  });
  return over ? (
    <div className="sound-drop" role="status">
      Drop on the timeline to put it there, anywhere else to add it to the sounds
    </div>
  ) : null;
}
