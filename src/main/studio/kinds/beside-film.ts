import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import type { CaptionsWish } from '../../../shared/contract/voices.ts';
import { type SubtitleFormat, subtitles, USUAL_LINE } from '../../../shared/domain/script/index.ts';
import { stretchOf, type Take } from '../../../shared/domain/take.ts';
import { type Captions, captionsFrom, captionsOfTake, cuesFor, lineOf, wordsOfTake } from '../captions/index.ts';
import { editedTimeline, written } from '../editors/index.ts';
import { besideFilm, type Exported, filmedPose, TRAINED_ALGORITHMIC_MEDIA } from '../export/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import type { Project } from '../library/index.ts';
import type { PlacedSound } from '../sounds/index.ts';
import { type Assignment, projectOf } from './kind.ts';

/** A file that is written once the film is made. */
export interface BesideFilm {
  /** What of the export's result names it. */
  readonly what: 'captions' | 'timeline';
  readonly path: string;
  readonly content: (made: Pick<Exported, 'frames' | 'seconds' | 'size'>) => string;
}

/** Laid out as they would be drawn into the film. */
export function captionsFile(captions: Captions, format: SubtitleFormat, film: string): BesideFilm {
  const content: BesideFilm['content'] = ({ size, seconds }) =>
    subtitles(cuesFor(captions, size ? lineOf(size) : USUAL_LINE, seconds), format);
  return { what: 'captions', path: besideFilm(film, `.${format}`), content };
}

/** Of a take what is said on it, else what a file says. Raises StudioError('not-found' | 'bad-request'). */
export async function captionsAsked(
  assignment: Assignment<unknown>,
  { file }: CaptionsWish,
  sound: { readonly kind: 'path' | 'source' } | { readonly kind: 'take'; readonly take: Take },
): Promise<Captions> {
  const project = projectOf(assignment);
  if (file !== null) return captionsFrom(file);
  if (sound.kind !== 'take')
    throw new StudioError({
      code: 'bad-request',
      message: 'There is no text to make captions of.',
      hint: 'Give a script, the text of the sound, or a file of subtitles.',
    });
  return captionsOfTake(sound.take, spanOf(sound.take, project), (id) => assignment.place.saidIn(project, id));
}

/** From the in to the out point of a take in whole frames, seconds. */
function spanOf(take: Take, { source: { fps } }: Project): { readonly from: number; readonly to: number } {
  const { first, frames } = stretchOf(take, fps);
  return { from: first / fps, to: (first + frames) / fps };
}

/**
 * A timeline for editors. All that it says beside the film is gathered before that is made, so that nothing is missing
 * then. Where the film has no captions it has those of what is known to be said. Raises StudioError('not-found' |
 * 'no-audio') where a sound of the take is no longer there.
 */
export async function timelineFile(
  assignment: Assignment<{ readonly outPath: string; readonly mode: 'dub' | 'portrait' }>,
  take: Take,
  path: string,
  captions: Captions | undefined,
): Promise<BesideFilm> {
  const { place, request } = assignment;
  const project = projectOf(assignment);
  const { fps, frames } = project.source;
  const sounds = new Map<string, PlacedSound>();
  for (const { sound } of take.clips) sounds.set(sound, await place.placedSound(project, sound));
  const saidIn = (sound: string) => place.saidIn(project, sound);
  const shown = captions ?? { kind: 'words', words: await wordsOfTake(take, spanOf(take, project), saidIn) };
  const { startFrame } = filmedPose(take.pose);
  const source = project.sourceFile ? { path: place.library.sourcePath(project), frames, startFrame } : null;
  const facts = { mode: request.mode, digitalSourceType: TRAINED_ALGORITHMIC_MEDIA };
  makeFolder(dirname(path));
  await access(dirname(path), constants.W_OK);
  const content: BesideFilm['content'] = (made) => {
    const film = { path: request.outPath, first: stretchOf(take, fps).first, frames: made.frames, facts };
    const cues = cuesFor(shown, USUAL_LINE, made.frames / fps);
    return written(editedTimeline({ take, fps, film, source, sounds, captions: cues }));
  };
  return { what: 'timeline', path, content };
}
