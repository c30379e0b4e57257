import { copyClips, hasSound, pasteClips, removeClips, spanOfClips } from '../../../../shared/domain/clips.ts';
import {
  type CopiedKeys,
  copyKeys,
  type LaneName,
  pasteKeys,
  removeKeys,
} from '../../../../shared/domain/lanes/index.ts';
import type { SoundClip } from '../../../../shared/domain/take.ts';
import { Store } from '../../../ground/store.ts';
import { newId } from '../../../take/new-id.ts';
import { chosenClips, type Desk, here } from './edits.ts';
import { countOf, inLane, keysIn } from './keyed/key-edits.ts';
import { NOTHING, someClips } from './selection.ts';

type Copied =
  | { readonly kind: 'clips'; readonly clips: readonly SoundClip[] }
  | { readonly kind: 'keys'; readonly keys: CopiedKeys };

/** What was copied in this window last, also for another take of the same project. */
const copied = new Store<Copied | null>(null);

export const canCopy = (desk: Desk): boolean =>
  chosenClips(desk).length > 0 || (desk.selection.kind === 'keys' && countOf(desk.selection.chosen) > 0);

export function copy({ take, selection, select }: Desk): void {
  if (selection.kind === 'clips') copied.set({ kind: 'clips', clips: copyClips(take, selection.ids) });
  else if (selection.kind === 'keys') copied.set({ kind: 'keys', keys: copyKeys(take, selection.chosen) });
  select({ ...selection }); // now there is something to paste
}

export function cut(desk: Desk): void {
  const { selection, edit, select } = desk;
  copy(desk);
  if (selection.kind === 'clips') edit('cut sound', (take) => removeClips(take, selection.ids));
  else if (selection.kind === 'keys') edit('cut keyframes', (take) => removeKeys(take, selection.chosen));
  select(NOTHING);
}

/** Those of the copied clips whose sounds this project has. */
const known = (clips: readonly SoundClip[], { project }: Desk): readonly SoundClip[] =>
  clips.filter((clip) => hasSound(clip, project.sounds));

export function canPaste(desk: Desk): boolean {
  const what = copied.get();
  return what?.kind === 'keys' || (what?.kind === 'clips' && known(what.clips, desk).length > 0);
}

/** From the playhead on. */
export function paste(desk: Desk): void {
  const what = copied.get();
  if (what?.kind === 'clips') putIn(desk, known(what.clips, desk), here(desk), 'paste sound');
  else if (what) pasteCopiedKeys(desk, what.keys);
}

/** The selected clips again, right behind the last of them. */
export function duplicate(desk: Desk): void {
  const chosen = chosenClips(desk);
  const span = spanOfClips(chosen);
  if (span) putIn(desk, copyClips(desk.take, new Set(chosen.map(({ id }) => id))), span.to, 'duplicate sound');
}

function putIn({ edit, select }: Desk, clips: readonly SoundClip[], at: number, label: string): void {
  const ids = clips.map(() => newId());
  const rest = [...ids];
  edit(label, (take) => pasteClips(take, clips, at, () => rest.shift()!));
  select(someClips(ids));
}

function pasteCopiedKeys(desk: Desk, keys: CopiedKeys): void {
  const chosen: { [Name in LaneName]?: Set<string> } = {};
  const names = Object.keys(keys) as LaneName[];
  for (const name of names) chosen[name] = new Set(keys[name]!.map(() => newId()));
  const rest = names.flatMap((name) => [...chosen[name]!]);
  desk.edit('paste keyframes', (take) => pasteKeys(take, keys, here(desk), () => rest.shift()!));
  desk.select({ kind: 'keys', chosen, lane: names[0]! });
}

/** All keyframes of the lane in hand; with none in hand, all clips. */
export function selectAll({ take, selection, select }: Desk): void {
  if (selection.kind !== 'keys') return select(someClips(take.clips.map(({ id }) => id)));
  const { lane } = selection;
  const ids = keysIn(take, lane).map(({ id }) => id);
  select({ kind: 'keys', chosen: inLane(lane, ids), lane });
}
