import { resolve } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import type { CaptionsWish } from '../../../shared/contract/voices.ts';
import {
  EDITED_FORMATS,
  endingOf,
  type FilmFormat,
  FORMATS,
  TIMELINE_ENDING,
} from '../../../shared/domain/film/index.ts';
import { besideFilm } from '../export/index.ts';
import type { RequestOf } from '../kinds/index.ts';

/** Raises StudioError('bad-request') where there is no picture to draw captions into. */
export function captionsWish({ as, file }: CaptionsWish, format: FilmFormat): CaptionsWish {
  if (as === 'burn' && !FORMATS[format].picture)
    throw new StudioError({
      code: 'bad-request',
      message: 'A sound has no picture to draw captions into.',
      hint: 'Have them as a file beside it.',
    });
  return { as, file: file === null ? null : resolve(file) };
}

/** Where a timeline for editors will lie. Raises StudioError('bad-request') where there is none of such a film. */
export function timelineAt(
  asked: string | true,
  film: string,
  format: FilmFormat,
  said: RequestOf<'export'>['sound']['kind'],
): string {
  if (said !== 'take')
    throw new StudioError({
      code: 'bad-request',
      message: 'A timeline for an editor is made of a take.',
      hint: 'Export what is on the timeline, or leave it out.',
    });
  if (!EDITED_FORMATS.includes(format))
    throw new StudioError({
      code: 'bad-request',
      message: `Editors do not open ${FORMATS[format].title}.`,
      hint: `With a timeline for them a film is ${EDITED_FORMATS.map((one) => FORMATS[one].title).join('; ')}.`,
    });
  const path = asked === true ? besideFilm(film, TIMELINE_ENDING) : resolve(asked);
  if (endingOf(path) === TIMELINE_ENDING) return path;
  throw new StudioError({
    code: 'bad-request',
    message: 'A timeline for an editor is an OpenTimelineIO file.',
    hint: `Give a name that ends with ${TIMELINE_ENDING}.`,
  });
}
