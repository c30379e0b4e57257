import { z } from 'zod';
import { CaptionsWish } from '../../../../shared/contract/voices.ts';
import {
  EDITED_FORMATS,
  FilmFormat,
  type FilmLook,
  FilmPreset,
  FORMATS,
  PlainBackground,
  PRESETS,
  Quality,
  refusedLook,
  Shape,
} from '../../../../shared/domain/film/index.ts';
import { Store } from '../../../ground/store.ts';

/** What a film is to be like, as it was chosen last on this computer. */
const Kept = z.object({
  mode: z.enum(['dub', 'portrait']),
  format: FilmFormat,
  quality: Quality,
  shape: Shape,
  heights: z.object({ dub: z.string().regex(/^(source|\d{3,4})$/), portrait: z.string().regex(/^(source|\d{3,4})$/) }),
  background: PlainBackground,
  captions: z.enum(['none', ...CaptionsWish.shape.as.options]).default('none'),
  timeline: z.boolean().default(false), // for editors, beside a take's film
});
/** A file is asked for anew: a page may not keep one. */
export type FilmChoices = Omit<z.infer<typeof Kept>, 'background'> & {
  readonly background: PlainBackground | { readonly kind: 'file'; readonly file: File | null };
};
type PlainBackground = z.infer<typeof PlainBackground>;

const USUAL: FilmChoices = {
  mode: 'dub',
  format: 'mp4',
  quality: 'good',
  shape: 'own',
  // What each is mostly wanted in: the video as it is, and a small picture.
  heights: { dub: 'source', portrait: '360' },
  background: { kind: 'own' },
  captions: 'none',
  timeline: false,
};
const PLACE = 'film-choices';

export const filmChoices = new Store<FilmChoices>(kept());

function kept(): FilmChoices {
  try {
    return Kept.parse(JSON.parse(localStorage.getItem(PLACE) ?? ''));
  } catch {
    return USUAL; // nothing was chosen yet, or by another version
  }
}

export function choose(change: Partial<FilmChoices>): void {
  const next = fitting({ ...filmChoices.get(), ...change }, change);
  filmChoices.set(next);
  const background = next.background.kind === 'file' ? USUAL.background : next.background;
  localStorage.setItem(PLACE, JSON.stringify({ ...next, background }));
}

/** What was chosen last holds, and the rest follows: a format without transparency gives way, or the transparency. */
function fitting(choices: FilmChoices, change: Partial<FilmChoices>): FilmChoices {
  if (choices.background.kind !== 'transparent' || FORMATS[choices.format].alpha) return choices;
  return change.format ? { ...choices, background: USUAL.background } : { ...choices, format: 'webm' };
}

export function choosePreset(name: FilmPreset): void {
  const { format, shape, quality, height, background } = PRESETS[name];
  const { heights, background: chosen } = filmChoices.get();
  const behind = background ?? (chosen.kind === 'transparent' ? USUAL.background : chosen);
  const change = { mode: 'portrait', format, shape, quality, background: behind } as const;
  choose({ ...change, heights: { ...heights, portrait: String(height) } });
}

/** The preset that was chosen, if nothing was changed since. */
export function presetOf(choices: FilmChoices): FilmPreset | null {
  const { format, shape, quality, height } = lookOf(choices);
  return (
    FilmPreset.options.find((name) => {
      const preset = PRESETS[name];
      const same = preset.format === format && preset.shape === shape && preset.quality === quality;
      const behind = preset.background?.kind ?? 'own';
      const fits = behind === 'own' ? choices.background.kind !== 'transparent' : choices.background.kind === behind;
      return choices.mode === 'portrait' && same && preset.height === height && fits;
    }) ?? null
  );
}

/** All of it, as far as the kind of film has it. */
export function lookOf({ mode, format, quality, shape, heights, background }: FilmChoices): FilmLook {
  const framed = mode === 'portrait' && FORMATS[format].picture;
  const height = heights[mode] === 'source' ? 'source' : Number(heights[mode]);
  return {
    mode,
    format,
    quality,
    height,
    shape: framed ? shape : 'own',
    background: framed ? background : { kind: 'own' },
  };
}

/** Whether a film of a take has a timeline for editors beside it, where one was asked for. */
export const isEdited = ({ format }: Pick<FilmChoices, 'format'>): boolean => EDITED_FORMATS.includes(format);

/** Why it cannot be made like this, in a sentence; null where it can. */
export function whyNot(choices: FilmChoices): string | null {
  const refused = refusedLook(lookOf(choices));
  if (refused) return `${refused.message} ${refused.hint}`;
  const { background } = choices;
  return lookOf(choices).background.kind === 'file' && background.kind === 'file' && !background.file
    ? 'Choose the picture or video that is to be behind.'
    : null;
}
