import { browser } from './browser.ts';
import { desktop } from './desktop.ts';
import type { Host } from './host.ts';

export type { Host, LineEvents, LiveEvents, LiveLine, VideoFile } from './host.ts';

/** The host that this window is in. */
export const host: Host = window.likeness ? desktop(window.likeness) : browser;
