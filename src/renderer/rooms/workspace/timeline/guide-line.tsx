import { type Store, useStore } from '../../../ground/store.ts';

/** Where a drag has snapped to, seconds; null when it has not. */
export type Guide = Store<number | null>;

/** The line that shows it. */
export function GuideLine({ guide }: { readonly guide: Guide }) {
  const at = useStore(guide);
  return at === null ? null : <div className="timeline-guide" style={{ left: `calc(var(--pps) * ${at}px)` }} />;
}
