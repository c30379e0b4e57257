import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import {
  canSplit,
  clipEnd,
  copyClip,
  removeClip,
  splitClip,
  trimEnd,
  trimStart,
} from '../../../../shared/domain/clips.ts';
import { addMarker, clearRange, removeMarker, setIn, setOut } from '../../../../shared/domain/marks.ts';
import type { SoundClip, Take } from '../../../../shared/domain/take.ts';
import { useActions } from '../../../ground/actions/index.ts';
import { newId } from '../../../take/new-id.ts';
import { useTake } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { COMMANDS, type CommandId } from './commands.ts';
import { NOTHING } from './selection.ts';
import { snapTargets } from './snap-targets.ts';
import { useTimeline } from './use-timeline.tsx';

const ZOOM_STEP = 1.5;
/** Nearer than this is where one is already, seconds. */
const HERE = 1e-4;

/** What the commands do; nothing is drawn. */
export function TimelineActions({ project }: { readonly project: ProjectDetail }) {
  const transport = useTransport();
  const { take, edit, undo, redo, canUndo, canRedo } = useTake();
  const { view, selection, select } = useTimeline();
  const chosen = selection.kind === 'clip' ? take.clips.find(({ id }) => id === selection.id) : undefined;
  const marker = selection.kind === 'marker' ? take.markers.find(({ id }) => id === selection.id) : undefined;
  const clip = chosen !== undefined;

  /** The playhead's frame, where in and out and markers go. */
  const here = () => transport.frames.floor(transport.now());
  /** The selected clip, or with none selected those under the playhead. */
  const under = (at: number) => (chosen ? [chosen] : take.clips.filter((one) => canSplit(one, at)));
  const goTo = (seconds: number | undefined) => seconds !== undefined && transport.seek(seconds);
  const lengthOf = ({ sound, start, seconds }: SoundClip) =>
    project.sounds.find(({ id }) => id === sound)?.seconds ?? start + seconds;

  const split = () => {
    const at = transport.now();
    edit('split sound', (before) => under(at).reduce((cut: Take, { id }) => splitClip(cut, id, at, newId()), before));
  };
  const trim = (end: 'start' | 'end') => {
    const at = transport.now();
    edit('trim sound', (before) =>
      under(at)
        .filter((one) => at > one.at && at < clipEnd(one))
        .reduce(
          (cut: Take, one) => (end === 'start' ? trimStart(cut, one.id, at) : trimEnd(cut, one.id, at, lengthOf(one))),
          before,
        ),
    );
  };
  const remove = () => {
    if (selection.kind === 'clip') edit('delete sound', (before) => removeClip(before, selection.id));
    else if (selection.kind === 'marker') edit('delete marker', (before) => removeMarker(before, selection.id));
    select(NOTHING);
  };
  const copy = () => {
    if (!chosen) return;
    const id = newId();
    edit('copy sound', (before) => copyClip(before, chosen.id, id));
    select({ kind: 'clip', id });
  };
  const mark = () => {
    const id = newId();
    edit('add marker', (before) => addMarker(before, { id, at: here(), name: '' }));
    select({ kind: 'marker', id });
  };

  const runs: Readonly<Record<CommandId, { readonly run: () => void; readonly enabled?: boolean }>> = {
    'playback.toggle': { run: () => transport.toggle() },
    'playback.backwards': { run: () => transport.shuttle(-1) },
    'playback.stop': { run: () => transport.pause() },
    'playback.forwards': { run: () => transport.shuttle(1) },
    'playback.frame-back': { run: () => transport.step(-1) },
    'playback.frame-on': { run: () => transport.step(1) },
    'playback.second-back': { run: () => transport.seek(transport.now() - 1) },
    'playback.second-on': { run: () => transport.seek(transport.now() + 1) },
    'playback.previous': {
      run: () => goTo(stops(take, transport.state.duration).findLast((at) => at < transport.now() - HERE)),
    },
    'playback.next': {
      run: () => goTo(stops(take, transport.state.duration).find((at) => at > transport.now() + HERE)),
    },
    'playback.start': { run: () => transport.seek(0) },
    'playback.end': { run: () => transport.seek(transport.state.duration) },
    'playback.loop': { run: () => transport.setLoop(!transport.state.loop) },
    'timeline.in': { run: () => edit('set in point', (before) => setIn(before, here(), transport.state.duration)) },
    'timeline.out': { run: () => edit('set out point', (before) => setOut(before, here(), transport.state.duration)) },
    'timeline.go-in': { run: () => goTo(take.range?.from), enabled: take.range !== null },
    'timeline.go-out': { run: () => goTo(take.range?.to), enabled: take.range !== null },
    'timeline.clear-range': { run: () => edit('clear in and out', clearRange), enabled: take.range !== null },
    'timeline.marker': { run: mark },
    'timeline.split': { run: split, enabled: take.clips.length > 0 },
    'timeline.trim-start': { run: () => trim('start'), enabled: take.clips.length > 0 },
    'timeline.trim-end': { run: () => trim('end'), enabled: take.clips.length > 0 },
    'timeline.copy': { run: copy, enabled: clip },
    'timeline.delete': { run: remove, enabled: clip || marker !== undefined },
    'timeline.deselect': { run: () => select(NOTHING), enabled: selection.kind !== 'none' },
    'timeline.zoom-in': { run: () => view.zoomBy(ZOOM_STEP, transport.now()) },
    'timeline.zoom-out': { run: () => view.zoomBy(1 / ZOOM_STEP, transport.now()) },
    'timeline.fit': { run: () => view.fit() },
    'edit.undo': { run: undo, enabled: canUndo !== null },
    'edit.redo': { run: redo, enabled: canRedo !== null },
  };
  useActions(COMMANDS.map((command) => ({ ...command, ...runs[command.id] })));
  return null;
}

/** Where the playhead stops on its way from edge to edge. */
function stops(take: Take, duration: number): readonly number[] {
  return [...new Set([...snapTargets(take, 0, null), duration])].toSorted((a, b) => a - b);
}
