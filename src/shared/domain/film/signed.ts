import { z } from 'zod';
import type { FilmFormat } from './formats.ts';

/** What has a place for Content Credentials. */
export const SignedFormat = z.enum([
  'video/mp4',
  'video/quicktime',
  'image/png',
  'image/gif',
  'image/webp',
  'audio/wav',
  'audio/mp4',
]);
export type SignedFormat = z.infer<typeof SignedFormat>;

/** As what a film of a format, or its sound alone, is signed. WebM and an archive of pictures have no place for it. */
export const SIGNED_AS: Readonly<Partial<Record<FilmFormat, SignedFormat>>> = {
  mp4: 'video/mp4',
  hevc: 'video/mp4',
  av1: 'video/mp4',
  prores: 'video/quicktime',
  gif: 'image/gif',
  webp: 'image/webp',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
};
