import { clearRange, setIn, setOut } from '../../../../shared/domain/marks.ts';
import { actions } from '../../../ground/actions/index.ts';
import { CLIP_COMMANDS } from './clip-commands.ts';
import type { Command } from './command.ts';
import { EDIT_COMMANDS } from './edit-commands.ts';
import { type Desk, here, HERE, mark } from './edits.ts';
import { KEY_COMMANDS } from './keyed/key-commands.ts';
import { snapTargets } from './snap-targets.ts';

const ZOOM_STEP = 1.5;

const hasRange = ({ take }: Desk): boolean => take.range !== null;

function goTo({ transport }: Desk, seconds: number | undefined): void {
  if (seconds !== undefined) transport.seek(seconds);
}

/** Where the playhead stops on its way from edge to edge, seconds. */
function stops({ take, transport }: Desk): readonly number[] {
  return [...new Set([...snapTargets(take, 0, new Set()), transport.state.duration])].toSorted((a, b) => a - b);
}

/** The group of what plays: the take's moment, or a film. */
export const PLAYBACK = 'Playback';

const PLAYING: readonly Command[] = [
  {
    id: 'playback.toggle',
    title: 'Play or pause',
    group: PLAYBACK,
    shortcuts: ['Space'],
    run: ({ transport }) => transport.toggle(),
  },
  {
    id: 'playback.backwards',
    title: 'Play backwards, faster with each press',
    group: PLAYBACK,
    shortcuts: ['J'],
    run: ({ transport }) => transport.shuttle(-1),
  },
  {
    id: 'playback.stop',
    title: 'Stop',
    group: PLAYBACK,
    shortcuts: ['K'],
    run: ({ transport }) => transport.pause(),
  },
  {
    id: 'playback.forwards',
    title: 'Play forwards, faster with each press',
    group: PLAYBACK,
    shortcuts: ['L'],
    run: ({ transport }) => transport.shuttle(1),
  },
  {
    id: 'playback.frame-back',
    title: 'One frame back',
    group: PLAYBACK,
    shortcuts: ['ArrowLeft'],
    repeats: true,
    run: ({ transport }) => transport.step(-1),
  },
  {
    id: 'playback.frame-on',
    title: 'One frame on',
    group: PLAYBACK,
    shortcuts: ['ArrowRight'],
    repeats: true,
    run: ({ transport }) => transport.step(1),
  },
  {
    id: 'playback.second-back',
    title: 'One second back',
    group: PLAYBACK,
    shortcuts: ['Shift+ArrowLeft'],
    repeats: true,
    run: ({ transport }) => transport.seek(transport.now() - 1),
  },
  {
    id: 'playback.second-on',
    title: 'One second on',
    group: PLAYBACK,
    shortcuts: ['Shift+ArrowRight'],
    repeats: true,
    run: ({ transport }) => transport.seek(transport.now() + 1),
  },
  {
    id: 'playback.previous',
    title: 'To the previous edge or marker',
    group: PLAYBACK,
    shortcuts: ['ArrowUp'],
    repeats: true,
    run: (desk) =>
      goTo(
        desk,
        stops(desk).findLast((at) => at < desk.transport.now() - HERE),
      ),
  },
  {
    id: 'playback.next',
    title: 'To the next edge or marker',
    group: PLAYBACK,
    shortcuts: ['ArrowDown'],
    repeats: true,
    run: (desk) =>
      goTo(
        desk,
        stops(desk).find((at) => at > desk.transport.now() + HERE),
      ),
  },
  {
    id: 'playback.start',
    title: 'To the beginning',
    group: PLAYBACK,
    shortcuts: ['Home'],
    run: ({ transport }) => transport.seek(0),
  },
  {
    id: 'playback.end',
    title: 'To the end',
    group: PLAYBACK,
    shortcuts: ['End'],
    run: ({ transport }) => transport.seek(transport.state.duration),
  },
  {
    id: 'playback.loop',
    title: 'Loop',
    group: PLAYBACK,
    shortcuts: ['Shift+L'],
    run: ({ transport }) => transport.setLoop(!transport.state.loop),
  },
];

const TIMELINE: readonly Command[] = [
  {
    id: 'timeline.in',
    title: 'Set the in point',
    group: 'Timeline',
    shortcuts: ['I'],
    run: (desk) => desk.edit('set in point', (take) => setIn(take, here(desk), desk.transport.state.duration)),
  },
  {
    id: 'timeline.out',
    title: 'Set the out point',
    group: 'Timeline',
    shortcuts: ['O'],
    run: (desk) => desk.edit('set out point', (take) => setOut(take, here(desk), desk.transport.state.duration)),
  },
  {
    id: 'timeline.go-in',
    title: 'To the in point',
    group: 'Timeline',
    shortcuts: ['Shift+I'],
    enabled: hasRange,
    run: (desk) => goTo(desk, desk.take.range?.from),
  },
  {
    id: 'timeline.go-out',
    title: 'To the out point',
    group: 'Timeline',
    shortcuts: ['Shift+O'],
    enabled: hasRange,
    run: (desk) => goTo(desk, desk.take.range?.to),
  },
  {
    id: 'timeline.clear-range',
    title: 'Clear in and out',
    group: 'Timeline',
    shortcuts: ['Shift+X'],
    enabled: hasRange,
    run: ({ edit }) => edit('clear in and out', clearRange),
  },
  {
    id: 'timeline.marker',
    title: 'Add a marker',
    group: 'Timeline',
    shortcuts: ['M'],
    run: mark,
  },
  {
    id: 'timeline.zoom-in',
    title: 'Zoom the timeline in',
    group: 'Timeline',
    shortcuts: ['Alt+=', 'Alt++'],
    repeats: true,
    run: ({ view, transport }) => view.zoomBy(ZOOM_STEP, transport.now()),
  },
  {
    id: 'timeline.zoom-out',
    title: 'Zoom the timeline out',
    group: 'Timeline',
    shortcuts: ['Alt+-'],
    repeats: true,
    run: ({ view, transport }) => view.zoomBy(1 / ZOOM_STEP, transport.now()),
  },
  {
    id: 'timeline.fit',
    title: 'Show the whole timeline',
    group: 'Timeline',
    shortcuts: ['F'],
    run: ({ view }) => view.fit(),
  },
];

export const COMMANDS: readonly Command[] = [
  ...PLAYING,
  ...TIMELINE,
  ...CLIP_COMMANDS,
  ...KEY_COMMANDS,
  ...EDIT_COMMANDS,
];

// Known from the start, so that their shortcuts can be changed before a project is open.
actions.know(COMMANDS);
