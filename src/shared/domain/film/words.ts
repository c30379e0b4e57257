import { FORMATS } from './formats.ts';
import { aspectOf, type Background } from './look.ts';
import type { FilmLook } from './rules.ts';

const BEHIND: Readonly<Record<Background['kind'], string>> = {
  own: 'over its own background',
  blur: 'over its own background, blurred',
  transparent: 'transparent',
  colour: 'over a colour',
  file: 'over a picture or video',
};

/** What will be made, in one line: "Portrait, 1080x1920, transparent, as WebM, VP9." */
export function filmInWords(look: FilmLook, background?: string): string {
  const { mode, format, height, shape } = look;
  const { picture, sound, title } = FORMATS[format];
  if (!picture) return `${title}.`;
  const behind = mode === 'dub' ? undefined : (background ?? BEHIND[look.background.kind]);
  const parts = [
    mode === 'dub' ? 'Dub' : 'Portrait',
    sizeInWords(height, shape),
    behind,
    `as ${title}${sound ? '' : ', without sound'}`,
  ];
  return `${parts.filter((part) => part !== undefined).join(', ')}.`;
}

function sizeInWords(height: FilmLook['height'], shape: FilmLook['shape']): string {
  const aspect = aspectOf(shape);
  if (height === 'source') return aspect === null ? 'as large as the source' : `${shape}, as large as the source`;
  const rows = evenRows(height);
  return aspect === null ? `${rows} rows` : `${evenRows(rows * aspect)}x${rows}`;
}

const evenRows = (rows: number): number => 2 * Math.round(rows / 2);
