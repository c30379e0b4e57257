import { useSyncExternalStore } from 'react';

export const SETTINGS_PAGES = ['general', 'shortcuts', 'models', 'report', 'about'] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

/** What lies over the page: one thing at a time. */
export type Overlay =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'settings'; readonly page: SettingsPage };

let current: Overlay = { kind: 'nothing' };
const listeners = new Set<() => void>();

export const overlay = {
  get: (): Overlay => current,
  show(next: Overlay): void {
    current = next;
    for (const listener of listeners) listener();
  },
  close(): void {
    overlay.show({ kind: 'nothing' });
  },
  /** Shows it, or closes it when it is what is shown. */
  toggle(next: Overlay): void {
    overlay.show(current.kind === next.kind ? { kind: 'nothing' } : next);
  },
};

export function useOverlay(): Overlay {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, overlay.get);
}
