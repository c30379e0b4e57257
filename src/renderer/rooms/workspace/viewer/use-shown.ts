import { useCallback, useSyncExternalStore } from 'react';
import type { Shown } from './shown.ts';
import type { Stage } from './stage.ts';

const nothing = () => undefined;

/**
 * Renders when what `select` picks of the stage changes; null before it has shown anything. Not for what changes with
 * every picture.
 */
export function useShown<Part>(stage: Stage | null, select: (shown: Shown) => Part): Part | null {
  const subscribe = useCallback((listener: () => void) => stage?.onShown(listener) ?? nothing, [stage]);
  return useSyncExternalStore(subscribe, () => (stage?.shown ? select(stage.shown) : null));
}
