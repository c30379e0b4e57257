import { z } from 'zod';
import type { FilmFormat } from './formats.ts';

/** What has a place for Content Credentials. */
export const SignedFormat = z.enum(['video/mp4', 'video/quicktime', 'image/png', 'image/gif', 'image/webp']);
export type SignedFormat = z.infer<typeof SignedFormat>;

/**
 * As what a film of a format is signed. WebM and an archive of pictures have no place for it; a sound alone is as it
 * was given, and there is nothing to say of it.
 */
export const SIGNED_AS: Readonly<Partial<Record<FilmFormat, SignedFormat>>> = {
  mp4: 'video/mp4',
  hevc: 'video/mp4',
  av1: 'video/mp4',
  prores: 'video/quicktime',
  gif: 'image/gif',
  webp: 'image/webp',
};
