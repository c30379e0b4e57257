import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { ExportResult, StudioError } from '../../../shared/contract/index.ts';
import { CaptionsWish } from '../../../shared/contract/voices.ts';
import { Background, FilmFormat, OWN_BACKGROUND, Quality, Shape } from '../../../shared/domain/film/index.ts';
import { type SubtitleFormat, subtitles, USUAL_LINE } from '../../../shared/domain/script/index.ts';
import { PLAIN_SPEECH, SOURCE_SOUND, Speech, stretchOf, Take } from '../../../shared/domain/take.ts';
import { type Captions, captionsFrom, captionsOfTake, cuesFor } from '../captions/index.ts';
import {
  type ExportProgress,
  type ExportRequest,
  type ExportSound,
  exportVideo,
  partialsOf,
  requirePlace,
} from '../export/index.ts';
import { travellingRecord } from '../library/index.ts';
import { hubertGraph } from '../models/index.ts';
import { migrated } from '../takes/index.ts';
import { partialBeside, writeWhole } from '../ground/settle.ts';
import { networksOf, threadsFor } from '../system/environment.ts';
import { type Assignment, defineKind, projectOf } from './kind.ts';
import { running } from './progress.ts';

/** How a picture is drawn and where it goes. */
export const DRAWN = {
  outPath: z.string(),
  mode: z.enum(['dub', 'portrait']),
  height: z.union([z.literal('source'), z.int().positive()]),
  // What was asked for before there was a choice is as everything was then.
  shape: Shape.default('own'),
  background: Background.default(OWN_BACKGROUND),
};
/** As the library keeps it. */
export const KeptTake = z.unknown().transform(migrated).pipe(Take);

/** What an export says: a file, the video's own sound, or a take as it was when the export was asked for. */
const Sound = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string() }),
  z.object({ kind: z.literal('source') }),
  // Exports that were asked for while a project had one take name none.
  z.object({
    kind: z.literal('take'),
    name: z.string().optional(),
    take: KeptTake,
  }),
]);

/** Writes what the avatar says as a film. */
export const exportFilm = defineKind({
  request: z.object({
    sound: Sound,
    speech: Speech.default(PLAIN_SPEECH), // of a file's sound or the video's own; a take says its own
    ...DRAWN,
    format: FilmFormat.default('mp4'),
    quality: Quality.default('good'),
    captions: CaptionsWish.optional(),
    madeOf: z.string().optional(), // of a list's film
  }),
  result: ExportResult,
  lane: 'media',
  needs: ['consent', 'avatar'],
  work: async (assignment) => {
    const { signal, place } = assignment;
    const { library } = place;
    const { sound, speech, captions: wish, ...film } = assignment.request;
    const project = projectOf(assignment);
    const captions = wish && (await captionsAsked(assignment, wish, sound));
    const drawn = captions && wish.as === 'burn' ? { captions: { captions, fonts: place.installation.venv } } : {};
    const ask = { ...(await avatarAt(assignment)), ...film, sound: await said(), ...drawn };
    const beside = wish && wish.as !== 'burn' ? { format: wish.as, path: besideFilm(film.outPath, wish.as) } : null;
    const read = [ask.sound.kind === 'path' ? [ask.sound.path] : [], wish?.file ?? []].flat();
    requirePlace([film.outPath, ...(beside ? [beside.path] : [])], [...read, ...readBy(ask)]);
    const partials = [...partialsOf(film.outPath), ...(beside ? [partialBeside(beside.path)] : [])];
    return library.unfinished.during(partials, async () => {
      const made = await exportVideo(ask, reporting(assignment), signal);
      if (!captions || !beside) return made;
      await writeWhole(beside.path, subtitles(cuesFor(captions, USUAL_LINE), beside.format));
      return { ...made, captions: beside.path };
    });

    async function said(): Promise<ExportSound> {
      switch (sound.kind) {
        case 'path':
          return { ...sound, speech };
        case 'source':
          return { kind: 'path', path: await place.soundsOf(project)(SOURCE_SOUND), speech };
        case 'take':
          return { ...sound, sounds: place.soundsOf(project), folder: library.paths.job(assignment.job.id) };
      }
    }
  },
});

/** Of a take what is said on it, else what a file says. Raises StudioError('not-found' | 'bad-request'). */
async function captionsAsked(
  assignment: Assignment<unknown>,
  { file }: CaptionsWish,
  sound: z.output<typeof Sound>,
): Promise<Captions> {
  const project = projectOf(assignment);
  if (file !== null) return captionsFrom(file);
  if (sound.kind !== 'take')
    throw new StudioError({
      code: 'bad-request',
      message: 'There is no text to make captions of.',
      hint: 'Give a script, the text of the sound, or a file of subtitles.',
    });
  const { first, frames } = stretchOf(sound.take, project.source.fps);
  const span = { from: first / project.source.fps, to: (first + frames) / project.source.fps };
  return captionsOfTake(sound.take, span, (id) => assignment.place.saidIn(project, id));
}

const besideFilm = (film: string, format: SubtitleFormat): string =>
  join(dirname(film), `${basename(film, extname(film))}.${format}`);

/** Files that a picture is made of. */
export function readBy({
  avatarPath,
  source,
  background,
}: Pick<ExportRequest, 'avatarPath' | 'source' | 'background'>): string[] {
  return [
    avatarPath,
    ...(source === undefined ? [] : [source]),
    ...(background?.kind === 'file' ? [background.path] : []),
  ];
}

/** What is made with: the project's avatar and its video. */
export async function avatarAt(assignment: Assignment<unknown>): Promise<Omit<ExportRequest, keyof Asked>> {
  const { library, installation, tools } = assignment.place;
  const project = projectOf(assignment);
  return {
    hubert: (wanted) => hubertGraph(installation.resources, library.paths.root, wanted),
    tools: await tools(),
    ...(project.sourceFile ? { source: library.sourcePath(project) } : {}),
    ...(project.source.streams ? { picture: project.source.streams.picture } : {}),
    avatarPath: library.paths.avatar(project.id),
    consent: travellingRecord(library.consents.get(project.consentId)),
    analysisDir: library.paths.analysis(project.id),
    threads: threadsFor(library.settings.get().threads),
    networks: networksOf(library),
  };
}
type Asked = Pick<
  ExportRequest,
  'sound' | 'outPath' | 'mode' | 'height' | 'shape' | 'background' | 'format' | 'quality'
>;

export const reporting =
  ({ report }: Pick<Assignment<unknown>, 'report'>) =>
  (progress: ExportProgress): void =>
    report(running({ ...ofTwo(progress), ...progress }));

/** Of both stages: hearing the sound takes little beside drawing the frames. */
const ENDS = [0.05, 1];

function ofTwo({ stage }: ExportProgress) {
  return stage === 'speech'
    ? { stageIndex: 0, ends: ENDS, unit: 'tracks' }
    : { stageIndex: 1, ends: ENDS, unit: 'frames' };
}
