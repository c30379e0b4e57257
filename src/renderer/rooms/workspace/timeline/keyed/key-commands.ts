import {
  changeKey,
  clearHandles,
  clearLane,
  type Curve,
  frontalised,
  handleOf,
  type LaneName,
  LANES,
  setMuted,
  setSolo,
  SIDES,
  stretchKeys,
} from '../../../../../shared/domain/lanes/index.ts';
import type { Take } from '../../../../../shared/domain/take.ts';
import { newId } from '../../../../take/new-id.ts';
import type { Command } from '../command.ts';
import { type Desk, here, HERE } from '../edits.ts';
import { chosenIn, countOf, inLane, keyed, keysIn, keyTimes, laneValue } from './key-edits.ts';
import { laneTitle } from './lane-words.ts';
import { rangeOf } from './lane-range.ts';

const laneOf = ({ selection }: Desk): LaneName | undefined => (selection.kind === 'keys' ? selection.lane : undefined);
const someChosen = ({ selection }: Desk): boolean => selection.kind === 'keys' && countOf(selection.chosen) > 0;
/** The one keyframe in hand, where its curve has handles. */
function handled({ selection, take }: Desk): string | undefined {
  if (selection.kind !== 'keys' || LANES[selection.lane].way === 'moments') return undefined;
  const [id, ...more] = chosenIn(selection.chosen, selection.lane);
  const keys = keysIn(take, selection.lane);
  return id !== undefined && more.length === 0 && SIDES.some((side) => handleOf(keys, id, side)) ? id : undefined;
}
const anyKeys = ({ take }: Desk): boolean => keyTimes(take).length > 0;

/** The times that the keys for next and previous go through: those of the lane in hand, else of all. */
function times(desk: Desk): readonly number[] {
  const lane = laneOf(desk);
  return keyTimes(desk.take, lane === undefined ? undefined : [lane]);
}

function go({ transport }: Desk, seconds: number | undefined): void {
  if (seconds !== undefined) transport.seek(seconds);
}

function curve(to: Curve) {
  return (desk: Desk): void => {
    const { selection, edit } = desk;
    if (selection.kind !== 'keys') return;
    const names = Object.keys(selection.chosen) as LaneName[];
    edit('change the curve', (take) =>
      names.reduce(
        (now, name) =>
          [...chosenIn(selection.chosen, name)].reduce((then: Take, id) => withCurve(then, name, id, to), now),
        take,
      ),
    );
  };
}

function withCurve(take: Take, name: LaneName, id: string, to: Curve): Take {
  return keysIn(take, name).some((key) => key.id === id && key.curve !== to)
    ? changeKey(take, name, id, { curve: to })
    : take;
}

/** A keyframe of what the lane has at the playhead. */
function add(desk: Desk): void {
  const name = laneOf(desk);
  if (name === undefined) return;
  const [at, frame, id] = [here(desk), 1 / desk.project.source.fps, newId()];
  const { usual } = rangeOf(name, desk.ranges);
  desk.edit('add keyframe', (take) => keyed(take, name, { at, value: laneValue(take, name, at, usual), frame, id }));
  desk.select({ kind: 'keys', chosen: inLane(name, [id]), lane: name });
}

/** Commands of what is keyed. */
export const KEY_COMMANDS: readonly Command[] = [
  {
    id: 'keys.previous',
    title: 'To the previous keyframe',
    group: 'Keyframes',
    shortcuts: [','],
    repeats: true,
    enabled: anyKeys,
    run: (desk) =>
      go(
        desk,
        times(desk).findLast((at) => at < desk.transport.now() - HERE),
      ),
  },
  {
    id: 'keys.next',
    title: 'To the next keyframe',
    group: 'Keyframes',
    shortcuts: ['.'],
    repeats: true,
    enabled: anyKeys,
    run: (desk) =>
      go(
        desk,
        times(desk).find((at) => at > desk.transport.now() + HERE),
      ),
  },
  {
    id: 'keys.add',
    title: 'Add a keyframe at the playhead',
    group: 'Keyframes',
    shortcuts: ['N'],
    enabled: (desk) => laneOf(desk) !== undefined,
    run: add,
  },
  {
    id: 'keys.hold',
    title: 'Hold until the next keyframe',
    group: 'Keyframes',
    shortcuts: ['Shift+H'],
    enabled: someChosen,
    run: curve('hold'),
  },
  {
    id: 'keys.linear',
    title: 'Straight to the next keyframe',
    group: 'Keyframes',
    shortcuts: ['Shift+G'],
    enabled: someChosen,
    run: curve('linear'),
  },
  {
    id: 'keys.smooth',
    title: 'Smooth to the next keyframe',
    group: 'Keyframes',
    shortcuts: ['Shift+S'],
    enabled: someChosen,
    run: curve('smooth'),
  },
  {
    id: 'keys.handles',
    title: 'Handles of the keyframe…',
    group: 'Keyframes',
    shortcuts: ['Shift+E'],
    enabled: (desk) => handled(desk) !== undefined,
    run: (desk) => desk.askHandles(laneOf(desk)!, handled(desk)!),
  },
  {
    id: 'keys.by-itself',
    title: 'The curve by itself, without handles',
    group: 'Keyframes',
    enabled: ({ selection, take }) => selection.kind === 'keys' && clearHandles(take, selection.chosen) !== take,
    run: ({ selection, edit }) =>
      selection.kind === 'keys' && edit('straighten the curve', (take) => clearHandles(take, selection.chosen)),
  },
  {
    id: 'keys.stretch',
    title: 'Stretch the selected keyframes to the playhead',
    group: 'Keyframes',
    enabled: someChosen,
    run: (desk) => {
      const { selection, edit } = desk;
      if (selection.kind !== 'keys') return;
      edit('stretch keyframes', (take) => stretchKeys(take, selection.chosen, here(desk)));
    },
  },
  {
    id: 'lane.mute',
    title: 'Mute the lane',
    group: 'Keyframes',
    shortcuts: ['Shift+M'],
    enabled: (desk) => laneOf(desk) !== undefined,
    run: (desk) => {
      const lane = laneOf(desk);
      if (lane === undefined) return;
      const muted = !(desk.take.lanes[lane]?.muted ?? false);
      desk.edit(`${muted ? 'mute' : 'unmute'} ${laneTitle(lane)}`, (take) => setMuted(take, lane, muted));
    },
  },
  {
    id: 'lane.solo',
    title: 'Only this lane',
    group: 'Keyframes',
    enabled: (desk) => laneOf(desk) !== undefined,
    run: (desk) => {
      const lane = laneOf(desk);
      if (lane === undefined) return;
      const solo = !(desk.take.lanes[lane]?.solo ?? false);
      desk.edit(`${laneTitle(lane)} alone`, (take) => setSolo(take, lane, solo));
    },
  },
  {
    id: 'lane.clear',
    title: 'Remove all keyframes of the lane',
    group: 'Keyframes',
    enabled: (desk) => keysIn(desk.take, laneOf(desk) ?? 'head.yaw').length > 0 && laneOf(desk) !== undefined,
    run: (desk) => {
      const lane = laneOf(desk);
      if (lane !== undefined) desk.edit(`clear ${laneTitle(lane)}`, (take) => clearLane(take, lane));
    },
  },
  {
    id: 'take.frontalise',
    title: 'Head and gaze to the camera',
    group: 'Keyframes',
    enabled: ({ ranges }) => ranges?.['head.yaw'] !== undefined,
    run: ({ ranges, edit }) => ranges && edit('face the camera', (take) => frontalised(take, ranges, newId)),
  },
];
