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
import { type LaneRanges, removeKeys } from '../../../../shared/domain/lanes/index.ts';
import { addMarker, removeMarker } from '../../../../shared/domain/marks.ts';
import type { Marker, SoundClip, Take } from '../../../../shared/domain/take.ts';
import { newId } from '../../../take/new-id.ts';
import type { TakeInHand } from '../../../take/use-take.tsx';
import type { Transport } from '../transport/transport.ts';
import { NOTHING, type Selection } from './selection.ts';
import type { TimelineView } from './view.ts';

/** What the commands of a timeline work on. */
/** Nearer than this is where one is already, seconds. */
export const HERE = 1e-4;

export interface Desk extends TakeInHand {
  readonly project: ProjectDetail;
  readonly transport: Transport;
  readonly view: TimelineView;
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
  /** How far this person goes in each lane; null before the avatar is open. */
  readonly ranges: LaneRanges | null;
}

export const chosenClip = ({ take, selection }: Desk): SoundClip | undefined =>
  selection.kind === 'clip' ? take.clips.find(({ id }) => id === selection.id) : undefined;
export const chosenMarker = ({ take, selection }: Desk): Marker | undefined =>
  selection.kind === 'marker' ? take.markers.find(({ id }) => id === selection.id) : undefined;

/** The playhead's frame, where in and out and markers go, seconds. */
export const here = ({ transport }: Desk): number => transport.frames.floor(transport.now());

/** The selected clip, or with none selected those under the playhead. */
function under(desk: Desk, at: number): readonly SoundClip[] {
  const chosen = chosenClip(desk);
  return chosen ? [chosen] : desk.take.clips.filter((clip) => canSplit(clip, at));
}

export function split(desk: Desk): void {
  const at = desk.transport.now();
  desk.edit('split sound', (take) =>
    under(desk, at).reduce((cut: Take, { id }) => splitClip(cut, id, at, newId()), take),
  );
}

/** Moves one end of the clips that the playhead is in to it. */
export function trim(desk: Desk, end: 'start' | 'end'): void {
  const at = desk.transport.now();
  const length = ({ sound, start, seconds }: SoundClip) =>
    desk.project.sounds.find(({ id }) => id === sound)?.seconds ?? start + seconds;
  desk.edit('trim sound', (take) =>
    under(desk, at)
      .filter((clip) => at > clip.at && at < clipEnd(clip))
      .reduce(
        (cut: Take, clip) => (end === 'start' ? trimStart(cut, clip.id, at) : trimEnd(cut, clip.id, at, length(clip))),
        take,
      ),
  );
}

export function remove({ selection, edit, select }: Desk): void {
  if (selection.kind === 'clip') edit('delete sound', (take) => removeClip(take, selection.id));
  else if (selection.kind === 'marker') edit('delete marker', (take) => removeMarker(take, selection.id));
  else if (selection.kind === 'keys') edit('delete keyframes', (take) => removeKeys(take, selection.chosen));
  select(NOTHING);
}

export function copy(desk: Desk): void {
  const chosen = chosenClip(desk);
  if (!chosen) return;
  const id = newId();
  desk.edit('copy sound', (take) => copyClip(take, chosen.id, id));
  desk.select({ kind: 'clip', id });
}

export function mark(desk: Desk): void {
  const id = newId();
  desk.edit('add marker', (take) => addMarker(take, { id, at: here(desk), name: '' }));
  desk.select({ kind: 'marker', id });
}
