import { z } from 'zod';

/** What a film is written as: its container, and how picture and sound are coded in it. */
export const FilmFormat = z.enum(['mp4', 'hevc', 'av1', 'prores', 'webm', 'png', 'gif', 'webp', 'wav', 'm4a']);
export type FilmFormat = z.infer<typeof FilmFormat>;

export interface FormatFacts {
  /** What people call it. */
  readonly title: string;
  readonly ending: string;
  /** Whether it can hold a picture without a background. */
  readonly alpha: boolean;
  readonly picture: boolean;
  readonly sound: boolean;
  /** For a look at a film, no longer than this, seconds: it grows fast. */
  readonly mostSeconds?: number;
  /** What a browser shows it with. */
  readonly shownAs: 'video' | 'image' | 'sound' | 'nothing';
}

const LOOK_SECONDS = 60;

export const FORMATS: Readonly<Record<FilmFormat, FormatFacts>> = {
  mp4: { title: 'MP4, H.264', ending: '.mp4', alpha: false, picture: true, sound: true, shownAs: 'video' },
  hevc: { title: 'MP4, HEVC', ending: '.mp4', alpha: false, picture: true, sound: true, shownAs: 'video' },
  av1: { title: 'MP4, AV1', ending: '.mp4', alpha: false, picture: true, sound: true, shownAs: 'video' },
  prores: { title: 'MOV, ProRes 4444', ending: '.mov', alpha: true, picture: true, sound: true, shownAs: 'nothing' },
  webm: { title: 'WebM, VP9', ending: '.webm', alpha: true, picture: true, sound: true, shownAs: 'video' },
  png: { title: 'PNG sequence, ZIP', ending: '.zip', alpha: true, picture: true, sound: true, shownAs: 'nothing' },
  gif: {
    title: 'GIF',
    ending: '.gif',
    alpha: true,
    picture: true,
    sound: false,
    mostSeconds: LOOK_SECONDS,
    shownAs: 'image',
  },
  webp: {
    title: 'WebP, animated',
    ending: '.webp',
    alpha: true,
    picture: true,
    sound: false,
    mostSeconds: LOOK_SECONDS,
    shownAs: 'image',
  },
  wav: { title: 'Sound alone, WAV', ending: '.wav', alpha: false, picture: false, sound: true, shownAs: 'sound' },
  m4a: { title: 'Sound alone, M4A', ending: '.m4a', alpha: false, picture: false, sound: true, shownAs: 'sound' },
};

/** The usual format of a file's ending; undefined for one that no format has. */
export function formatOf(path: string): FilmFormat | undefined {
  const ending = endingOf(path);
  return FilmFormat.options.find((format) => FORMATS[format].ending === ending);
}

/** Of a saved frame. */
export const FRAME_ENDING = '.png';
/** Of captions that lie beside a film. */
const CAPTION_ENDINGS: readonly string[] = ['.srt', '.vtt'];
/** Of a timeline for editors, in OpenTimelineIO's JSON. */
export const TIMELINE_ENDING = '.otio';
/** What editors put on a timeline: no archive of pictures, nothing for a look, no sound alone. */
export const EDITED_FORMATS: readonly FilmFormat[] = ['mp4', 'hevc', 'av1', 'prores', 'webm'];
/** Of all that an export can be. */
export const EXPORT_ENDINGS: readonly string[] = [
  ...new Set([
    ...FilmFormat.options.map((format) => FORMATS[format].ending),
    FRAME_ENDING,
    ...CAPTION_ENDINGS,
    TIMELINE_ENDING,
  ]),
];

/** How a browser shows an export, by its name. */
export function shownAs(name: string): FormatFacts['shownAs'] {
  if (endingOf(name) === FRAME_ENDING) return 'image';
  const format = formatOf(name);
  return format ? FORMATS[format].shownAs : 'nothing';
}

/** ".mp4" of "A film.MP4"; empty without one. */
export function endingOf(path: string): string {
  return /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? '';
}
