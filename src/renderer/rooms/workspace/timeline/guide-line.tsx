import { useSyncExternalStore } from 'react';

/** Where a drag has snapped to, seconds; null when it has not. */
export class Guide {
  #at: number | null = null;
  readonly #listeners = new Set<() => void>();

  get at(): number | null {
    return this.#at;
  }
  show(at: number | null): void {
    if (at === this.#at) return;
    this.#at = at;
    for (const listener of this.#listeners) listener();
  }
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** The line that shows it. */
export function GuideLine({ guide }: { readonly guide: Guide }) {
  const at = useSyncExternalStore(guide.subscribe, () => guide.at);
  return at === null ? null : <div className="timeline-guide" style={{ left: `calc(var(--pps) * ${at}px)` }} />;
}
