/** What can be undone, newest last, and redone, next first; each with what the person did. */
export interface History<T> {
  readonly present: T;
  readonly past: readonly Edit<T>[];
  readonly future: readonly Edit<T>[];
  /** The gesture under way: edits with this key become one. */
  readonly gesture: string | null;
}
interface Edit<T> {
  readonly label: string;
  readonly state: T;
}

const DEPTH = 200;

export const begin = <T>(present: T): History<T> => ({ present, past: [], future: [], gesture: null });

/** One more edit; with the key of the edit before it, it is the same gesture going on. Nothing when nothing changed. */
export function edited<T>(history: History<T>, label: string, next: T, gesture: string | null = null): History<T> {
  if (next === history.present) return history;
  if (gesture !== null && gesture === history.gesture) return { ...history, present: next, future: [] };
  return {
    present: next,
    past: [...history.past, { label, state: history.present }].slice(-DEPTH),
    future: [],
    gesture,
  };
}

/** The gesture is over: the next edit is one of its own. */
export const settled = <T>(history: History<T>): History<T> =>
  history.gesture === null ? history : { ...history, gesture: null };

export function undone<T>({ present, past, future }: History<T>): History<T> {
  const last = past.at(-1);
  if (!last) return { present, past, future, gesture: null };
  return {
    present: last.state,
    past: past.slice(0, -1),
    future: [{ label: last.label, state: present }, ...future],
    gesture: null,
  };
}

export function redone<T>({ present, past, future }: History<T>): History<T> {
  const [next, ...later] = future;
  if (!next) return { present, past, future, gesture: null };
  return { present: next.state, past: [...past, { label: next.label, state: present }], future: later, gesture: null };
}

export const undoLabel = <T>({ past }: History<T>): string | null => past.at(-1)?.label ?? null;
export const redoLabel = <T>({ future }: History<T>): string | null => future[0]?.label ?? null;
