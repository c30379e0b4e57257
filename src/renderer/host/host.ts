import type { ClientContext, ClientLink } from '@orpc/client';
import type { FileRef } from '../../shared/contract/studio.ts';
import { browser } from './browser.ts';
import { desktop } from './desktop.ts';

/** The line to the studio core, and when it opened or went away. */
export interface LineEvents {
  opened(link: ClientLink<ClientContext>): void;
  lost(): void;
}

/** What differs between the window in a browser and the window in Electron; media URLs are the same in both. */
export interface Host {
  /** Opens a line to the core; the answer closes it. */
  connect(events: LineEvents): () => void;
  /** Gives the core a dropped or chosen file; `onProgress` gets 0..1. Rejects with a StudioErrorShape or an Error. */
  take(file: File, onProgress: (share: number) => void): Promise<FileRef>;
}

export const host: Host = window.likeness ? desktop(window.likeness) : browser;
