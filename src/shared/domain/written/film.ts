import {
  Background,
  type FilmFormat,
  type FilmLook,
  type FilmPreset,
  formatOf,
  OWN_BACKGROUND,
  PRESETS,
  type Quality,
  type Shape,
} from '../film/index.ts';
import { Unfit } from './values.ts';

/** What was said of a film; what was not said is left out. */
export interface WrittenFilm {
  readonly preset?: FilmPreset;
  readonly format?: FilmFormat;
  readonly quality?: Quality;
  readonly mode?: 'dub' | 'portrait';
  readonly height?: number | 'source';
  readonly background?: Background;
  readonly shape?: Shape;
  readonly out?: string;
}

/** Everything that is said of a film, with what the preset and the mode have for the rest. */
export function filmOf(written: WrittenFilm): FilmLook & { readonly background: Background } {
  const preset = written.preset && PRESETS[written.preset];
  const mode = written.mode ?? (preset ? 'portrait' : 'dub');
  const named = written.out === undefined ? undefined : formatOf(written.out);
  return {
    mode,
    format: written.format ?? named ?? preset?.format ?? 'mp4',
    height: written.height ?? preset?.height ?? (mode === 'dub' ? 'source' : 360),
    shape: written.shape ?? preset?.shape ?? 'own',
    background: written.background ?? preset?.background ?? OWN_BACKGROUND,
    quality: written.quality ?? preset?.quality ?? 'good',
  };
}

/** Rows of the exported picture: a number, or the source's own. Raises Unfit. */
export function pictureHeight(text: string): number | 'source' {
  if (text === 'source') return 'source';
  const height = Number(text);
  if (!Number.isInteger(height) || height < 128 || height > 2160)
    throw new Unfit('It must be "source", or a number from 128 to 2160.');
  return height;
}

/** Raises Unfit. */
export function backgroundOf(text: string): Background {
  if (text === 'own' || text === 'blur' || text === 'transparent') return { kind: text };
  const background = text.startsWith('#') ? { kind: 'colour', colour: text } : { kind: 'file', path: text };
  const read = Background.safeParse(background);
  if (read.success) return read.data;
  throw new Unfit('It must be own, blur, transparent, a colour such as #1E3A5F, or a file.');
}
