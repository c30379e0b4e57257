import type { ClientContext, ClientLink } from '@orpc/client';
import type { OpenedVideo } from '../../../shared/contract/bridge.ts';
import type { FileRef } from '../../../shared/contract/studio.ts';

/** The line to the studio core, and when it opened or went away. */
export interface LineEvents {
  readonly opened: (link: ClientLink<ClientContext>) => void;
  readonly lost: () => void;
}

/** The line for live pictures: texts both ways, and buffers: pictures, and pieces of sound (contract/live.ts). */
export interface LiveEvents {
  readonly opened: () => void;
  readonly message: (message: string | ArrayBuffer) => void;
  /** Not after the window closed it itself. */
  readonly lost: () => void;
}
export interface LiveLine {
  send(message: string | ArrayBuffer): void;
  close(): void;
}

/** Dropped or chosen in the window, or opened from outside of it. */
export type VideoFile = File | OpenedVideo;

/** What differs between the window in a browser and the window in Electron; media URLs are the same in both. */
export interface Host {
  /** Opens a line to the core; the answer closes it. */
  connect(events: LineEvents): () => void;
  openLive(events: LiveEvents): LiveLine;
  /** Opens the address of a live picture in a window of its own. */
  readonly openWindow: (address: string) => void;
  /**
   * Gives the core a dropped or chosen file; `onProgress` gets 0..1. Rejects with a StudioErrorShape or an Error, with
   * an AbortError after the signal.
   */
  take(file: VideoFile, onProgress: (share: number) => void, signal?: AbortSignal): Promise<FileRef>;
}
