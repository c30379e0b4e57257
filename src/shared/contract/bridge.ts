/** A video on this computer, named from outside the window. */
export interface OpenedVideo {
  readonly kind: 'video';
  readonly path: string;
  readonly name: string;
  readonly size: number; // bytes
}

/**
 * What the command line, the program's icon or its menu asked for: a video to take in, or one that is a project
 * already.
 */
export type Opened = OpenedVideo | { readonly kind: 'project'; readonly id: string };

/** What Electron's preload script gives the window, and the one message that asks it for a line to the studio core. */
export interface Bridge {
  /** Where a dropped or chosen file lies; empty for one that is not on disk. */
  pathForFile(file: File): string;
  /** Hears which of the window's actions was chosen in the application menu, by its id. */
  onAction(listener: (id: string) => void): void;
  /** Hears what is opened from outside, what was before included; the answer ends it. */
  onOpen(listener: (opened: Opened) => void): () => void;
  /** Shows the live picture by itself, at the address that the core gave for programs that film it. */
  openWindow(address: string): void;
}

/** The window posts this to itself with a MessagePort; the preload script hands the port on under the same name. */
export const CONNECT = 'likeness:connect';

/** The same for the line of live pictures. */
export const LIVE = 'likeness:live';

/** The window sends this for each picture that came: a port does not tell how much is still on its way. */
export const LIVE_RECEIVED = 'received';

/** The application menu sends this with an action's id. */
export const ACTION = 'likeness:action';

/** The program sends this with what was opened, once the window has said that it listens. */
export const OPENED = 'likeness:opened';
export const LISTENING = 'likeness:listening';

/** The window sends this with the address of the live picture that is to have a window of its own. */
export const OUTSIDE = 'likeness:outside';
