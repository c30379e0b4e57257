import { ours } from './own-page.ts';

/** Copying text, a full-screen film: harmless, and asked for by a click. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

const DEVICES: ReadonlySet<string> = new Set(['audio', 'video']);

/** What a page asks for: in `media`, whether camera or microphone. */
export interface Asked {
  readonly permission: string;
  readonly address: string | undefined;
  readonly media?: readonly string[];
}

/**
 * The microphone, to record a voice, the camera, to be followed by the avatar, and the harmless ones; for our own page
 * only.
 */
export function granted({ permission, address, media = [] }: Asked): boolean {
  if (!ours(address)) return false;
  if (permission === 'media') return media.length > 0 && media.every((kind) => DEVICES.has(kind));
  return GRANTED.has(permission);
}
