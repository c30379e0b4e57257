import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { moveMarker, renameMarker } from '../../../../shared/domain/marks.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { timecode } from '../../../../shared/domain/timecode.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { followPointer } from './drag.ts';
import { keepFocus, takeFocus } from '../../../ground/keep-focus.ts';
import { useNudge } from './use-nudge.ts';
import { useSnapping } from './use-snapping.ts';
import { useTimeline } from './use-timeline.tsx';

const LONGEST = 80;

/** A marked moment: drag moves it, a double click or Enter renames it, Delete removes it. */
export function MarkerFlag({ marker, fps }: { readonly marker: Take['markers'][number]; readonly fps: number }) {
  const editor = useTakeEditor();
  const { view, selection, select } = useTimeline();
  const snapping = useSnapping();
  const [renaming, setRenaming] = useState(false);
  const selected = selection.kind === 'marker' && selection.id === marker.id;
  const move = (at: number, gesture: string) =>
    editor.edit('move marker', (take) => moveMarker(take, marker.id, at), gesture);
  const { onKeyDown, onBlur } = useNudge(
    fps,
    (by, gesture) => Number.isFinite(by) && move(marker.at + by, gesture),
    marker.id,
  );
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    select({ kind: 'marker', id: marker.id });
    const { at } = marker;
    const gesture = `move ${marker.id} ${event.timeStamp}`;
    followPointer(event, {
      move: (byX, { free }) => {
        const to = at + byX / view.window.pixelsPerSecond;
        move(to + snapping.near([to], free, [marker.id]), gesture);
      },
      end: () => {
        snapping.done();
        editor.settle();
      },
    });
  };
  const rename = (name: string) => {
    editor.edit('rename marker', (take) => renameMarker(take, marker.id, name.trim().slice(0, LONGEST)));
    setRenaming(false);
  };
  const left = { left: `calc(var(--pps) * ${marker.at}px)` };
  if (renaming) {
    return (
      <input
        className="marker-name"
        style={left}
        aria-label="Name of the marker"
        defaultValue={marker.name}
        maxLength={LONGEST}
        ref={takeFocus}
        onFocus={(event) => event.currentTarget.select()}
        onPointerDown={(event) => event.stopPropagation()}
        onBlur={(event) => rename(event.currentTarget.value)}
        onKeyDown={(event: KeyboardEvent<HTMLInputElement>) => {
          event.stopPropagation();
          if (event.key === 'Enter') rename(event.currentTarget.value);
          else if (event.key === 'Escape') setRenaming(false);
        }}
      />
    );
  }
  const title = `${marker.name || 'Marker'}, ${timecode(marker.at, fps)}`;
  return (
    <button
      type="button"
      className="marker"
      style={left}
      title={title}
      aria-label={`Marker ${title}`}
      aria-pressed={selected}
      onPointerDown={press}
      onMouseDown={keepFocus}
      onDoubleClick={() => setRenaming(true)}
      onFocus={() => select({ kind: 'marker', id: marker.id })}
      onBlur={onBlur}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === 'F2') {
          event.preventDefault();
          setRenaming(true);
        } else onKeyDown(event);
      }}
    >
      {marker.name}
    </button>
  );
}
