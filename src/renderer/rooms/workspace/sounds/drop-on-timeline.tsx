import { useState } from 'react';
import { useSoundIntake } from './sound-intake.tsx';
import { fromLanesLeft, type Place, useFileDrop } from './use-file-drop.ts';
import { useTransport } from '../transport/use-transport.tsx';
import { useTimeline } from '../timeline/use-timeline.tsx';
import './sounds.css';

/** Sounds dropped on the lanes begin where they were dropped; dropped elsewhere they only join the list. */
export function DropOnTimeline() {
  const { add } = useSoundIntake();
  const { view, guide } = useTimeline();
  const transport = useTransport();
  const [over, setOver] = useState(false);
  const at = (place: Place): number | undefined => {
    const left = fromLanesLeft(place);
    return left === undefined ? undefined : transport.frames.floor(Math.max(0, view.seconds(left)));
  };
  useFileDrop({
    kind: 'audio',
    wanted: true,
    over: (place) => {
      setOver(place !== null);
      guide.set(place ? (at(place) ?? null) : null);
    },
    dropped: (files, place) => void add(files, at(place)),
  });
  return over ? (
    <div className="file-drop" role="status">
      Drop on the timeline to put it there, anywhere else to add it to the sounds
    </div>
  ) : null;
}
