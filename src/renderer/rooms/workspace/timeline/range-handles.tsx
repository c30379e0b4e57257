import type { PointerEvent } from 'react';
import { setIn, setOut } from '../../../../shared/domain/marks.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { timecode } from '../../../../shared/domain/timecode.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { followPointer } from './drag.ts';
import { keepFocus } from '../../../ground/keep-focus.ts';
import { useNudge } from './use-nudge.ts';
import { useSnapping } from './use-snapping.ts';
import { useTimeline } from './use-timeline.tsx';

/** Where the export begins and ends; without a range, the timeline's own ends, to be dragged in. */
export function RangeHandles({
  range,
  duration,
  fps,
}: {
  readonly range: Take['range'];
  readonly duration: number;
  readonly fps: number;
}) {
  return (
    <>
      <div
        className="range-bar"
        data-whole={range === null || undefined}
        style={{
          left: `calc(var(--pps) * ${range?.from ?? 0}px)`,
          width: `calc(var(--pps) * ${(range?.to ?? duration) - (range?.from ?? 0)}px)`,
        }}
      />
      <RangeHandle end="in" at={range?.from ?? 0} fps={fps} />
      <RangeHandle end="out" at={range?.to ?? duration} fps={fps} />
    </>
  );
}

const ENDS = {
  in: { label: 'In point', edit: 'set in point', set: setIn },
  out: { label: 'Out point', edit: 'set out point', set: setOut },
} as const;

function RangeHandle({ end, at, fps }: { readonly end: 'in' | 'out'; readonly at: number; readonly fps: number }) {
  const editor = useTakeEditor();
  const transport = useTransport();
  const { view } = useTimeline();
  const snapping = useSnapping();
  const { label, edit, set } = ENDS[end];
  /** It stops a frame before the other end, rather than push it away. */
  const move = (to: number, gesture: string) => {
    const { duration } = transport.state;
    editor.edit(
      edit,
      (take) => {
        const { from, to: until } = take.range ?? { from: 0, to: duration };
        return set(
          take,
          end === 'in' ? Math.min(Math.max(0, to), until - 1 / fps) : Math.max(Math.min(duration, to), from + 1 / fps),
          duration,
        );
      },
      gesture,
    );
  };
  const keys = useNudge(fps, (by, gesture) => move(at + by, gesture), end);
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    const gesture = `${end} ${event.timeStamp}`;
    followPointer(event, {
      move: (byX, { free }) => {
        const to = at + byX / view.window.pixelsPerSecond;
        move(transport.frames.floor(to + snapping.near([to], free, ['range']) + 0.5 / fps), gesture);
      },
      end: () => {
        snapping.done();
        editor.settle();
      },
    });
  };
  return (
    <div
      className="range-handle"
      data-end={end}
      style={{ left: `calc(var(--pps) * ${at}px)` }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={transport.state.duration}
      aria-valuenow={at}
      aria-valuetext={timecode(at, fps)}
      title={`${label}, ${timecode(at, fps)}`}
      onPointerDown={press}
      onMouseDown={keepFocus}
      {...keys}
    />
  );
}
