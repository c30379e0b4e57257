/** What Electron's preload script gives the window, and the one message that asks it for a line to the studio core. */
export interface Bridge {
  /** Where a dropped or chosen file lies; empty for one that is not on disk. */
  pathForFile(file: File): string;
}

/** The window posts this to itself with a MessagePort; the preload script hands the port on under the same name. */
export const CONNECT = 'likeness:connect';
