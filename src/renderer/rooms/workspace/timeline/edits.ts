import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { canSplit, clipEnd, removeClips, splitClip, trimEnd, trimStart } from '../../../../shared/domain/clips.ts';
import { removeWithTime } from '../../../../shared/domain/close-gap.ts';
import { type LaneName, type LaneRanges, removeKeys } from '../../../../shared/domain/lanes/index.ts';
import { addMarker, removeMarker } from '../../../../shared/domain/marks.ts';
import type { Marker, SoundClip, Take } from '../../../../shared/domain/take.ts';
import { newId } from '../../../take/new-id.ts';
import type { TakeInHand } from '../../../take/use-take.tsx';
import type { Transport } from '../transport/transport.ts';
import { clipsIn, NOTHING, type Selection } from './selection.ts';
import type { TimelineView } from './view.ts';

/** Nearer than this is where one is already, seconds. */
export const HERE = 1e-4;

/** What the commands of a timeline work on. */
export interface Desk extends TakeInHand {
  readonly project: ProjectDetail;
  readonly transport: Transport;
  readonly view: TimelineView;
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
  /** How far this person goes in each lane; null before the avatar is open. */
  readonly ranges: LaneRanges | null;
  /** Asks for gain and fades of the selected clips, beside the one of this id. */
  readonly askLoudness: (clip: string) => void;
  /** Asks for the handles of a keyframe as numbers; its lane is open then. */
  readonly askHandles: (lane: LaneName, key: string) => void;
}

export const chosenClips = ({ take, selection }: Desk): readonly SoundClip[] => {
  const ids = clipsIn(selection);
  return ids.size === 0 ? [] : take.clips.filter(({ id }) => ids.has(id));
};
export const chosenMarker = ({ take, selection }: Desk): Marker | undefined =>
  selection.kind === 'marker' ? take.markers.find(({ id }) => id === selection.id) : undefined;

/** The playhead's frame, where in and out and markers go, seconds. */
export const here = ({ transport }: Desk): number => transport.frames.floor(transport.now());

/** The selected clips, or with none selected those under the playhead. */
function under(desk: Desk, at: number): readonly SoundClip[] {
  const chosen = chosenClips(desk);
  return chosen.length > 0 ? chosen : desk.take.clips.filter((clip) => canSplit(clip, at));
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
  if (selection.kind === 'clips') edit('delete sound', (take) => removeClips(take, selection.ids));
  else if (selection.kind === 'marker') edit('delete marker', (take) => removeMarker(take, selection.id));
  else if (selection.kind === 'keys') edit('delete keyframes', (take) => removeKeys(take, selection.chosen));
  select(NOTHING);
}

export function removeAndClose({ selection, edit, select }: Desk): void {
  edit('delete sound and time', (take) => removeWithTime(take, clipsIn(selection)));
  select(NOTHING);
}

export function mark(desk: Desk): void {
  const id = newId();
  desk.edit('add marker', (take) => addMarker(take, { id, at: here(desk), name: '' }));
  desk.select({ kind: 'marker', id });
}
