import { Store, useStore } from './store.ts';

export const SETTINGS_PAGES = ['general', 'shortcuts', 'models', 'check', 'report', 'about'] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

/** What lies over the page: one thing at a time. */
export type OverPage =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'settings'; readonly page: SettingsPage }
  /** A table of films that was dropped or chosen; null: the one whose films were begun last. */
  | { readonly kind: 'films'; readonly table: File | null };

const shown = new Store<OverPage>({ kind: 'nothing' });

export const overPage = {
  get: shown.get,
  show: (next: OverPage): void => shown.set(next),
  close: (): void => shown.set({ kind: 'nothing' }),
  /** Shows it, or closes it when it is what is shown. */
  toggle: (next: OverPage): void => shown.set(shown.get().kind === next.kind ? { kind: 'nothing' } : next),
};

export const useOverPage = (): OverPage => useStore(shown);
