import type { ChosenKeys, LaneName } from '../../../../shared/domain/lanes/index.ts';

/** What the keys for delete, copy and split are about. A scrub never changes it. */
export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'clips'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'marker'; readonly id: string }
  /** Keyframes, and the lane in which the last of them was chosen. */
  | { readonly kind: 'keys'; readonly chosen: ChosenKeys; readonly lane: LaneName };
export const NOTHING: Selection = { kind: 'none' };

const NO_CLIPS: ReadonlySet<string> = new Set();

export const clipsIn = (selection: Selection): ReadonlySet<string> =>
  selection.kind === 'clips' ? selection.ids : NO_CLIPS;

/** Some clips; none of them is nothing. */
export const someClips = (ids: Iterable<string>): Selection => {
  const chosen = new Set(ids);
  return chosen.size > 0 ? { kind: 'clips', ids: chosen } : NOTHING;
};

/** With one more, or without it where it was chosen. */
export function withClip(selection: Selection, id: string): Selection {
  const ids = new Set(clipsIn(selection));
  if (!ids.delete(id)) ids.add(id);
  return someClips(ids);
}
