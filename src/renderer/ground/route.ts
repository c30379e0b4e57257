import { useSyncExternalStore } from 'react';

/** Where the window is, kept in the address so that a reload comes back to the same place. */
export type Step = 'source' | 'train' | 'perform' | 'export';
export const STEPS: readonly Step[] = ['source', 'train', 'perform', 'export'];
export const STEP_NAMES: Readonly<Record<Step, string>> = {
  source: 'Source',
  train: 'Train',
  perform: 'Perform',
  export: 'Export',
};
export type Route =
  { readonly kind: 'library' } | { readonly kind: 'project'; readonly id: string; readonly step: Step };

function parse(hash: string): Route {
  const [, where, id, step] = /^#\/(project)\/([A-Za-z0-9-]+)(?:\/(\w+))?$/.exec(hash) ?? [];
  if (where !== 'project' || id === undefined) return { kind: 'library' };
  return { kind: 'project', id, step: STEPS.find((name) => name === step) ?? 'source' };
}

export function go(route: Route): void {
  location.hash = route.kind === 'library' ? '#/' : `#/project/${route.id}/${route.step}`;
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => location.hash,
  );
  return parse(hash);
}
