import type { KeyboardEvent } from 'react';
import type { Keyframe, LaneName, LaneRange } from '../../../../../shared/domain/lanes/index.ts';
import { actions } from '../../../../ground/actions/index.ts';
import { useTake, useTakeEditor } from '../../../../take/use-take.tsx';
import { useTransport } from '../../transport/use-transport.tsx';
import { useTimeline } from '../use-timeline.tsx';
import { chosenIn, dragged, inLane, keysIn } from './key-edits.ts';
import { stepOf } from './lane-words.ts';

const COARSE = 10;

/**
 * The keys of a lane that has the focus: Page Up and Down, Home and End go from keyframe to keyframe; arrows move what
 * is chosen by a frame or by the smallest step, with Shift by a second or ten steps; Enter adds one at the playhead.
 */
export function useKeyKeys({
  name,
  fps,
  range,
}: {
  readonly name: LaneName;
  readonly fps: number;
  readonly range: LaneRange;
}): {
  /** The keyframe in hand. */
  readonly current: Keyframe | undefined;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
} {
  const editor = useTakeEditor();
  const { take } = useTake();
  const transport = useTransport();
  const { selection, select } = useTimeline();
  const keys = keysIn(take, name);
  const mine = selection.kind === 'keys' && selection.lane === name ? selection.chosen : null;
  const ids = mine && chosenIn(mine, name);
  const place = ids ? keys.findIndex(({ id }) => ids.has(id)) : -1;
  const current = keys[place];
  const choose = (key: Keyframe | undefined) => {
    if (!key) return;
    select({ kind: 'keys', chosen: inLane(name, [key.id]), lane: name });
    transport.seek(key.at);
  };
  const move = (seconds: number, value: number) => {
    if (!mine) return;
    editor.edit(
      'move keyframes',
      (now) => dragged(now, mine, { name, seconds, value }, range),
      `${name} ${seconds === 0 ? 'value' : 'time'} keys`,
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const frame = event.shiftKey ? 1 : 1 / fps;
    const step = stepOf(name) * (event.shiftKey ? COARSE : 1);
    const does: Readonly<Record<string, () => void>> = {
      PageUp: () => choose(keys[place < 0 ? keys.length - 1 : Math.max(0, place - 1)]),
      PageDown: () => choose(keys[place < 0 ? 0 : Math.min(keys.length - 1, place + 1)]),
      Home: () => choose(keys[0]),
      End: () => choose(keys.at(-1)),
      ArrowLeft: () => move(-frame, 0),
      ArrowRight: () => move(frame, 0),
      ArrowUp: () => move(0, step),
      ArrowDown: () => move(0, -step),
      Enter: () => actions.run('keys.add'),
    };
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const onFocus = () => {
    if (!mine) select({ kind: 'keys', chosen: {}, lane: name });
  };
  return { current, onKeyDown, onFocus, onBlur: () => editor.settle() };
}
