import { ours } from './own-page.ts';

/** Copying text, a full-screen film: harmless, and asked for by a click. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

/** What a page asks for: in `media`, whether camera or microphone. */
export interface Asked {
  readonly permission: string;
  readonly address: string | undefined;
  readonly media?: readonly string[];
}

/**
 * The microphone, to record a voice, and the harmless ones; for our own page only. Never the camera, never both at
 * once.
 */
export function granted({ permission, address, media = [] }: Asked): boolean {
  if (!ours(address)) return false;
  if (permission === 'media') return media.length > 0 && media.every((kind) => kind === 'audio');
  return GRANTED.has(permission);
}
