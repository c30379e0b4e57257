import { actions } from './registry.ts';

/** Electron's application menu names actions of this window; in a browser there is none. */
export function followApplicationMenu(): void {
  window.likeness?.onAction((id) => actions.run(id));
}
