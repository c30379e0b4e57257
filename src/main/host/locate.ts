import path from 'node:path';
import type { Studio } from '../studio/studio.ts';
import { resolveMedia } from './media-route.ts';

/** A file that the window may have, and how it is sent. */
export interface Located {
  readonly file: string;
  readonly download: boolean;
  readonly cache: string;
}

/** The file behind a URL of the window: `/media/…` of the library, anything else of the built window. Raises URIError. */
export function locate(studio: Studio, windowDir: string, url: URL): Located | undefined {
  if (url.pathname.startsWith('/media/')) {
    const file = resolveMedia(studio, decodeURIComponent(url.pathname.slice('/media/'.length)));
    return file === undefined ? undefined : { file, download: url.searchParams.has('download'), cache: 'no-cache' };
  }
  const relative = url.pathname === '/' ? 'index.html' : decodeURIComponent(url.pathname.slice(1));
  const root = path.resolve(windowDir);
  const file = path.resolve(root, relative);
  if (relative.includes('\0') || !file.startsWith(root + path.sep)) return undefined;
  return { file, download: false, cache: relative.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-cache' };
}
