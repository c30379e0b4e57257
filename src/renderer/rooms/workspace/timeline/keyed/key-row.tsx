import { useState, type MouseEvent, type PointerEvent } from 'react';
import { type Keyframe, LANES, setKey } from '../../../../../shared/domain/lanes/index.ts';
import { timecode } from '../../../../../shared/domain/timecode.ts';
import { keepFocus } from '../../../../ground/keep-focus.ts';
import { useLiveRanges } from '../../../../live/live-provider.tsx';
import { newId } from '../../../../take/new-id.ts';
import { useTake, useTakeEditor } from '../../../../take/use-take.tsx';
import { useTransport } from '../../transport/use-transport.tsx';
import { followPointer } from '../drag.ts';
import type { KeyedPlace } from '../lane-layout.ts';
import { KEYS_MENU } from '../menus.ts';
import { NOTHING } from '../selection.ts';
import { useSnapping } from '../use-snapping.ts';
import { useTimeline } from '../use-timeline.tsx';
import { chosenIn, dragged, inLane, keysIn, NO_KEYS, toggled } from './key-edits.ts';
import { keyNear, risePerPixel } from './key-geometry.ts';
import { rangeOf } from './lane-range.ts';
import { CURVE_NAMES, laneTitle, valueInWords } from './lane-words.ts';
import { useKeyKeys } from './use-key-keys.ts';

/** Pixels before a drag changes times, or values. */
const SLOP = 3;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * One lane of keyframes: press one to choose it, with Shift more, drag them in time and value, Shift and a drag beside
 * them chooses all that it passes, a double click adds one. With the keyboard it is one control, which goes from
 * keyframe to keyframe.
 */
export function KeyRow({ place, fps }: { readonly place: KeyedPlace; readonly fps: number }) {
  const { name, top, height, open } = place;
  const editor = useTakeEditor();
  const { take } = useTake();
  const transport = useTransport();
  const { view, selection, select, menu } = useTimeline();
  const snapping = useSnapping();
  const range = rangeOf(name, useLiveRanges());
  const [box, setBox] = useState<readonly [from: number, to: number] | null>(null);
  const keys = keysIn(take, name);
  const chosen = selection.kind === 'keys' ? selection.chosen : {};
  const here = chosenIn(chosen, name);
  const at = (event: MouseEvent<HTMLElement>): Point => {
    const { left, top: up } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - up };
  };
  const under = (event: MouseEvent<HTMLElement>) => keyNear(keys, at(event), place, range, view.x);

  const press = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const key = under(event);
    if (key) return drag(event, key);
    if (event.shiftKey) return choose(event);
    if (here.size > 0) select(NOTHING); // and it scrubs, as beside a clip
  };

  const drag = (event: PointerEvent<HTMLDivElement>, key: Keyframe) => {
    event.stopPropagation();
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    const moving = more ? toggled(chosen, name, key.id) : here.has(key.id) ? chosen : inLane(name, [key.id]);
    select({ kind: 'keys', chosen: moving, lane: name });
    if (more) return;
    const begun = editor.take;
    const gesture = `keys ${name} ${event.timeStamp}`;
    const perPixel = risePerPixel(place, range);
    followPointer(event, {
      upright: true,
      move: (byX, { free, byY }) => {
        const to = key.at + (Math.abs(byX) > SLOP ? byX / view.window.pixelsPerSecond : 0);
        const snapped = Math.abs(byX) > SLOP ? snapping.near([to], free) : 0;
        const seconds = (free || snapped !== 0 ? to + snapped : transport.frames.floor(to + 0.5 / fps)) - key.at;
        const value = Math.abs(byY) > SLOP ? -byY * perPixel : 0;
        const by = { name, value, seconds: Math.abs(byX) > SLOP ? seconds : 0 };
        editor.edit('move keyframes', (now) => ({ ...now, lanes: dragged(begun, moving, by, range).lanes }), gesture);
      },
      end: (moved) => {
        snapping.done();
        editor.settle();
        if (!moved) select({ kind: 'keys', chosen: inLane(name, [key.id]), lane: name });
      },
    });
  };

  const choose = (event: PointerEvent<HTMLDivElement>) => {
    event.stopPropagation();
    const from = at(event).x;
    followPointer(event, {
      move: (byX) => {
        const ends = [from, from + byX].toSorted((a, b) => a - b) as [number, number];
        setBox(ends);
        const [first, last] = [view.seconds(ends[0]), view.seconds(ends[1])];
        const ids = keys.filter((key) => key.at >= first && key.at <= last).map(({ id }) => id);
        select({ kind: 'keys', chosen: { ...chosen, [name]: new Set([...here, ...ids]) }, lane: name });
      },
      end: () => setBox(null),
    });
  };

  /** Where it was pressed: in an open lane at that value, else at the one that the lane has there. */
  const add = (event: MouseEvent<HTMLDivElement>) => {
    if (under(event)) return;
    const { x, y } = at(event);
    const moment = transport.frames.floor(Math.max(0, view.seconds(x)));
    const id = newId();
    const rise = risePerPixel(place, range);
    const value = open ? Math.min(range.to, Math.max(range.from, range.from + (height - y) * rise)) : range.usual;
    editor.edit('add keyframe', (now) => setKey(now, name, { id, at: moment, value, curve: 'smooth' }));
    select({ kind: 'keys', chosen: inLane(name, [id]), lane: name });
  };

  const ask = (event: MouseEvent<HTMLDivElement>) => {
    event.preventDefault();
    const key = under(event);
    if (key && !here.has(key.id)) select({ kind: 'keys', chosen: inLane(name, [key.id]), lane: name });
    else if (selection.kind !== 'keys' || selection.lane !== name)
      select({ kind: 'keys', chosen: key ? chosen : inLane(name, NO_KEYS), lane: name });
    menu.set({ x: event.clientX, y: event.clientY, label: 'Keyframes', items: KEYS_MENU });
  };

  const { current, ...keyboard } = useKeyKeys({ name, fps, range });
  const spoken = current ? wordsOf(current) : keys.length === 0 ? 'no keyframes' : `${keys.length} keyframes`;
  function wordsOf(key: Keyframe): string {
    const number = `keyframe ${keys.indexOf(key) + 1} of ${keys.length}`;
    const curve = LANES[name].way === 'moments' ? '' : `, ${CURVE_NAMES[key.curve].toLowerCase()}`;
    return `${number}, at ${timecode(key.at, fps)}, ${valueInWords(name, key.value)}${curve}`;
  }
  return (
    <>
      <div
        className="key-row"
        style={{ top, height }}
        role="slider"
        tabIndex={0}
        aria-label={`Keyframes of ${laneTitle(name)}`}
        aria-valuemin={range.from}
        aria-valuemax={range.to}
        aria-valuenow={current?.value ?? range.usual}
        aria-valuetext={spoken}
        data-lane={name}
        onPointerDown={press}
        onMouseDown={keepFocus}
        onDoubleClick={add}
        onContextMenu={ask}
        {...keyboard}
      >
        {box && <span className="key-box" style={{ left: box[0], width: box[1] - box[0] }} />}
      </div>
    </>
  );
}
