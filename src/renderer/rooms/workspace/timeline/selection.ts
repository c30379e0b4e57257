/** What the keys for delete, copy and split are about. A scrub never changes it. */
export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'clip'; readonly id: string }
  | { readonly kind: 'marker'; readonly id: string };
export const NOTHING: Selection = { kind: 'none' };
