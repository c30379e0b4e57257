import { useEffect, useRef } from 'react';
import { useStore } from '../store.ts';
import { type Action, actions, type ActionRegistry } from './registry.ts';

/**
 * Offers these commands while the component is on screen; called again with each render, so that they see its newest
 * state.
 */
export function useActions(offered: readonly Action[]): void {
  const part = useRef({});
  useEffect(() => actions.offer(part.current, offered));
  useEffect(() => {
    const key = part.current;
    return () => actions.withdraw(key);
  }, []);
}

/** The registry, and a new render whenever what it offers changes. */
export function useActionRegistry(): ActionRegistry {
  useStore(actions.version);
  return actions;
}
