import type { KeyboardEvent, PointerEvent } from 'react';
import {
  clearHandles,
  handleOf,
  type Keyframe,
  type LaneRange,
  LANES,
  setHandle,
  type Side,
  SIDES,
} from '../../../../../shared/domain/lanes/index.ts';
import { keepFocus } from '../../../../ground/keep-focus.ts';
import { useLiveRanges } from '../../../../live/live-provider.tsx';
import { useTake, useTakeEditor } from '../../../../take/use-take.tsx';
import { followPointer } from '../drag.ts';
import type { KeyedPlace } from '../lane-layout.ts';
import { useTimeline } from '../use-timeline.tsx';
import { chosenIn, inLane, keysIn } from './key-edits.ts';
import { risePerPixel, rowY } from './key-geometry.ts';
import { rangeOf } from './lane-range.ts';
import { laneTitle, stepOf, valueInWords } from './lane-words.ts';
import { TypedHandles } from './typed-handles.tsx';

const COARSE = 10; // frames, or steps, with Shift

/** What leads the curve through a keyframe, where it is the only one chosen in an open lane. */
export function KeyHandles({ places, fps }: { readonly places: readonly KeyedPlace[]; readonly fps: number }) {
  const { take } = useTake();
  const { selection } = useTimeline();
  const ranges = useLiveRanges();
  if (selection.kind !== 'keys') return null;
  const place = places.find(({ name, open }) => open && name === selection.lane && LANES[name].way !== 'moments');
  const ids = place && chosenIn(selection.chosen, place.name);
  const key = ids?.size === 1 && keysIn(take, place!.name).find(({ id }) => ids.has(id));
  if (!place || !key) return null;
  const shown = { place, keyframe: key, range: rangeOf(place.name, ranges), fps };
  return (
    <>
      {SIDES.map((side) => (
        <KeyHandle key={`${key.id} ${side}`} {...shown} side={side} />
      ))}
      <TypedHandles place={place} keyframe={key} />
    </>
  );
}

function KeyHandle({
  place,
  keyframe,
  range,
  side,
  fps,
}: {
  readonly place: KeyedPlace;
  readonly keyframe: Keyframe;
  readonly range: LaneRange;
  readonly side: Side;
  readonly fps: number;
}) {
  const { name, top } = place;
  const { id } = keyframe;
  const editor = useTakeEditor();
  const { take } = useTake();
  const { view } = useTimeline();
  const keys = keysIn(take, name);
  const handle = handleOf(keys, id, side);
  if (!handle) return null;
  const way = side === 'after' ? 1 : -1;
  const [own, y] = [keyframe.value, keyframe.value + handle.value].map((value) => rowY(place, value, range)) as [
    number,
    number,
  ];
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    const begun = editor.take;
    const gesture = `handle ${name} ${event.timeStamp}`;
    const perPixel = risePerPixel(place, range);
    followPointer(event, {
      upright: true,
      move: (byX, { free, byY }) => {
        const seconds = handle.seconds + (way * byX) / view.window.pixelsPerSecond;
        const value = handle.value - byY * perPixel;
        const lanes = setHandle(begun, name, id, { side, seconds, value, joined: !free }).lanes;
        editor.edit('bend the curve', (now) => ({ ...now, lanes }), gesture);
      },
      end: () => editor.settle(),
    });
  };
  const nudge = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey) return;
    const steps = event.shiftKey ? COARSE : 1;
    const by = {
      ArrowLeft: { seconds: (-way * steps) / fps, value: 0 },
      ArrowRight: { seconds: (way * steps) / fps, value: 0 },
      ArrowUp: { seconds: 0, value: steps * stepOf(name) },
      ArrowDown: { seconds: 0, value: -steps * stepOf(name) },
      Delete: undefined,
      Backspace: undefined,
    };
    if (!(event.key in by)) return;
    event.preventDefault();
    event.stopPropagation();
    const more = by[event.key as keyof typeof by];
    if (!more) return editor.edit('straighten the curve', (now) => clearHandles(now, inLane(name, [id]), side));
    const wanted = { seconds: handle.seconds + more.seconds, value: handle.value + more.value };
    const edit = { side, ...wanted, joined: !event.altKey };
    editor.edit('bend the curve', (now) => setHandle(now, name, id, edit), `handle ${name} ${id} ${side} keys`);
  };
  const label = `Curve ${side} keyframe ${keys.indexOf(keyframe) + 1} of ${laneTitle(name)}`;
  const itself = handle.set ? '' : ', by itself';
  const spoken = `${handle.seconds.toFixed(2)} s, ${valueInWords(name, handle.value)}${itself}`;
  const rises = y < own === (side === 'after');
  const left = side === 'after' ? keyframe.at : keyframe.at - handle.seconds;
  return (
    <>
      <svg
        className="key-handle-line"
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        aria-hidden="true"
        style={{
          left: `calc(var(--pps) * ${left}px)`,
          width: `max(1px, calc(var(--pps) * ${handle.seconds}px))`,
          top: top + Math.min(own, y),
          height: Math.max(1, Math.abs(own - y)),
        }}
      >
        <line x1={0} x2={1} y1={rises ? 1 : 0} y2={rises ? 0 : 1} />
      </svg>
      <div
        className="key-handle"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={LANES[name].least - keyframe.value}
        aria-valuemax={LANES[name].most - keyframe.value}
        aria-valuenow={handle.value}
        aria-valuetext={spoken}
        aria-orientation="vertical"
        title={`${label}: ${spoken}. With Alt, this side alone`}
        data-set={handle.set || undefined}
        style={{ left: `calc(var(--pps) * ${keyframe.at + way * handle.seconds}px)`, top: top + y }}
        onPointerDown={press}
        onMouseDown={keepFocus}
        onKeyDown={nudge}
        onBlur={() => editor.settle()}
      />
    </>
  );
}
