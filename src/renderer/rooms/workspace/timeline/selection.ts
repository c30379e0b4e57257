import type { ChosenKeys, LaneName } from '../../../../shared/domain/lanes/index.ts';

/** What the keys for delete, copy and split are about. A scrub never changes it. */
export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'clip'; readonly id: string }
  | { readonly kind: 'marker'; readonly id: string }
  /** Keyframes, and the lane in which the last of them was chosen. */
  | { readonly kind: 'keys'; readonly chosen: ChosenKeys; readonly lane: LaneName };
export const NOTHING: Selection = { kind: 'none' };
