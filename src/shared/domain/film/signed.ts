import { z } from 'zod';
import type { FilmFormat } from './formats.ts';

/** What is signed with Content Credentials. */
export const SignedFormat = z.enum([
  'video/mp4',
  'video/quicktime',
  'image/png',
  'image/gif',
  'image/webp',
  'audio/wav',
  'audio/mp4',
  'video/webm',
  'application/zip',
]);
export type SignedFormat = z.infer<typeof SignedFormat>;

/** What has no place for them: they lie in a file beside it, which says by a hash which one is meant. */
export const SIGNED_BESIDE: ReadonlySet<SignedFormat> = new Set(['video/webm', 'application/zip']);

/** As what a film of a format, or its sound alone, is signed. */
export const SIGNED_AS: Readonly<Record<FilmFormat, SignedFormat>> = {
  mp4: 'video/mp4',
  hevc: 'video/mp4',
  av1: 'video/mp4',
  prores: 'video/quicktime',
  gif: 'image/gif',
  webp: 'image/webp',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  webm: 'video/webm',
  png: 'application/zip',
};
