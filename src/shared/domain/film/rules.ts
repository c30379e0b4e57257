import { FORMATS, type FilmFormat } from './formats.ts';
import { aspectOf, type Background, type Quality, type Shape } from './look.ts';

/** What a film is to be like, beside what is said in it. */
export interface FilmLook {
  readonly mode: 'dub' | 'portrait';
  readonly format: FilmFormat;
  readonly height: number | 'source';
  readonly shape: Shape;
  readonly background: Pick<Background, 'kind'>;
  readonly quality: Quality;
}

/** Why there is no such film, and what to ask for instead; null for one that there can be. */
export function refusedLook({ mode, format, shape, background, height }: FilmLook): {
  readonly message: string;
  readonly hint: string;
} | null {
  const { alpha, picture, title } = FORMATS[format];
  if (!picture && (shape !== 'own' || background.kind !== 'own'))
    return {
      message: 'A sound has neither shape nor background.',
      hint: 'Leave them out, or choose a format of films.',
    };
  if (mode === 'dub' && (shape !== 'own' || background.kind !== 'own'))
    return {
      message: 'A dub keeps the shape and the background of the video.',
      hint: 'Export a portrait to choose them.',
    };
  if (background.kind === 'transparent' && !alpha)
    return {
      message: `${title} has no transparency.`,
      hint: 'Choose ProRes 4444, WebM, a PNG sequence, GIF or WebP.',
    };
  const width = typeof height === 'number' ? Math.round(height * (aspectOf(shape) ?? 1)) : 0;
  if (picture && width > MOST_WIDTH)
    return {
      message: `A picture ${width} pixels wide is too large.`,
      hint: `Choose fewer rows: ${MOST_WIDTH} is most.`,
    };
  return null;
}

/** Of 2160 rows at 16:9. */
const MOST_WIDTH = 3840;

/** Why a film of this length is not written in this format; null where it is. */
export function tooLong(
  format: FilmFormat,
  seconds: number,
): { readonly message: string; readonly hint: string } | null {
  const { mostSeconds, title } = FORMATS[format];
  if (mostSeconds === undefined || seconds <= mostSeconds) return null;
  return {
    message: `${title} is for a look, up to ${mostSeconds} s; this film has ${Math.ceil(seconds)} s.`,
    hint: 'Set in and out closer together, or choose MP4 or WebM.',
  };
}
