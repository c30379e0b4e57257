import { z } from 'zod';
import type { FilmLook } from './rules.ts';

/** What portraits are mostly wanted for. */
export const FilmPreset = z.enum(['youtube', 'shorts', 'course', 'transparent']);
export type FilmPreset = z.infer<typeof FilmPreset>;

type Preset = Pick<FilmLook, 'format' | 'height' | 'shape' | 'quality'> & {
  readonly title: string;
  /** Where it says what is behind the person. */
  readonly background?: { readonly kind: 'transparent' };
};

export const PRESETS: Readonly<Record<FilmPreset, Preset>> = {
  youtube: { title: 'YouTube', format: 'mp4', shape: '16:9', height: 1080, quality: 'best' },
  shorts: { title: 'Shorts', format: 'mp4', shape: '9:16', height: 1920, quality: 'good' },
  course: { title: 'Course', format: 'mp4', shape: '16:9', height: 720, quality: 'small' },
  transparent: {
    title: 'Transparent',
    format: 'prores',
    shape: 'own',
    height: 1080,
    quality: 'best',
    background: { kind: 'transparent' },
  },
};
