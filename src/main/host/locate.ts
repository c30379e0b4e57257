import path from 'node:path';
import type { Studio } from '../studio/studio.ts';
import { type Media, resolveMedia } from './media-route.ts';

/** Bytes that the window may have, and how they are sent. */
export interface Located extends Omit<Media, 'type'> {
  /** Of the library's files; of the window's own it is told by their endings. */
  readonly type?: string;
  readonly download: boolean;
  readonly cache: string;
}

/** For the browser alone: a proxy in front must not keep what only who is in may have. */
const LASTING = 'private, max-age=31536000, immutable';

/**
 * What lies behind a URL of the window: `/media/…` of the library, anything else of the built window. Raises URIError.
 */
export async function locate(studio: Studio, windowDir: string, url: URL): Promise<Located | undefined> {
  if (url.pathname.startsWith('/media/')) {
    const media = await resolveMedia(studio, decodeURIComponent(url.pathname.slice('/media/'.length)));
    // An address that names a version never shows anything else.
    return (
      media && {
        ...media,
        download: url.searchParams.has('download'),
        cache: url.searchParams.has('v') ? LASTING : 'no-cache',
      }
    );
  }
  const relative = url.pathname === '/' ? 'index.html' : decodeURIComponent(url.pathname.slice(1));
  const root = path.resolve(windowDir);
  const file = path.resolve(root, relative);
  if (relative.includes('\0') || !file.startsWith(root + path.sep)) return undefined;
  return { file, download: false, cache: relative.startsWith('assets/') ? LASTING : 'no-cache' };
}
