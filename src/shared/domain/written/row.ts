import { FilmFormat, FilmPreset, Quality, Shape } from '../film/index.ts';
import { PAUSE, SPEED } from '../script/index.ts';
import { backgroundOf, pictureHeight } from './film.ts';
import { mouthStrength, style, temperature } from './speech.ts';
import { oneOf, within } from './values.ts';

/** What can be said in one cell of a list of films: each is the option of `export` that is called so. */
export const CELLS = {
  voice: (text: string) => text,
  speed: within(SPEED),
  pause: within(PAUSE),
  style,
  'mouth-strength': mouthStrength,
  temperature,
  mode: oneOf(['dub', 'portrait']),
  preset: oneOf(FilmPreset.options),
  format: oneOf(FilmFormat.options),
  quality: oneOf(Quality.options),
  height: pictureHeight,
  shape: oneOf(Shape.options),
  background: backgroundOf,
} as const;
export type WrittenRow = { readonly [Column in keyof typeof CELLS]?: ReturnType<(typeof CELLS)[Column]> };

/** What a film says; a row has one of them. */
export const SAYS = ['text', 'script', 'audio'] as const;
/** Of a list's table. */
export const LIST_COLUMNS: readonly string[] = ['project', ...SAYS, ...Object.keys(CELLS), 'out'];
