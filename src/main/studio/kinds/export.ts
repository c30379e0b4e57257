import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ExportResult } from '../../../shared/contract/index.ts';
import { CaptionsWish } from '../../../shared/contract/voices.ts';
import { Background, FilmFormat, OWN_BACKGROUND, Quality, Shape } from '../../../shared/domain/film/index.ts';
import { type SpokenPhone, SpokenScript } from '../../../shared/domain/script/index.ts';
import { PLAIN_SPEECH, SOURCE_SOUND, Speech, Take } from '../../../shared/domain/take.ts';
import {
  type ExportProgress,
  type ExportRequest,
  type ExportSound,
  exportVideo,
  partialsOf,
  requirePlace,
} from '../export/index.ts';
import { type SigningOrNot, withSigning } from '../credentials/index.ts';
import { travellingRecord } from '../library/index.ts';
import { hubertGraph } from '../models/index.ts';
import { migrated, type PhonesLookup } from '../takes/index.ts';
import { partialBeside, writeWhole } from '../ground/settle.ts';
import { networksOf, threadsFor } from '../system/environment.ts';
import { captionsAsked, captionsFile, timelineFile } from './beside-film.ts';
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
  credentials: z.boolean().optional(), // whether it is signed; by default as the settings say
};
/** As the library keeps it. */
export const KeptTake = z.unknown().transform(migrated).pipe(Take);

/** What an export says: a file, the video's own sound, or a take as it was when the export was asked for. */
const Sound = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string(), times: z.string().optional() }), // of a voice's speech
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
    timeline: z.string().optional(), // where; of a take
    madeOf: z.string().optional(), // of a list's film
  }),
  result: ExportResult,
  lane: 'media',
  needs: ['consent', 'avatar'],
  work: async (assignment) => {
    const { signal, place } = assignment;
    const { library } = place;
    const { sound, speech, captions: wish, timeline, credentials: _, ...film } = assignment.request;
    const project = projectOf(assignment);
    const captions = wish && (await captionsAsked(assignment, wish, sound));
    const drawn = captions && wish.as === 'burn' ? { captions: { captions, fonts: place.installation.venv } } : {};
    const ask = { ...(await avatarAt(assignment)), ...film, sound: await said(), ...drawn };
    const beside = [
      ...(captions && wish.as !== 'burn' ? [captionsFile(captions, wish.as, film.outPath)] : []),
      ...(timeline !== undefined && sound.kind === 'take'
        ? [await timelineFile(assignment, sound.take, timeline, captions)]
        : []),
    ];
    const read = [ask.sound.kind === 'path' ? [ask.sound.path] : [], wish?.file ?? []].flat();
    requirePlace([film.outPath, ...beside.map(({ path }) => path)], [...read, ...readBy(ask)]);
    const partials = [...partialsOf(film.outPath), ...beside.map(({ path }) => partialBeside(path))];
    return library.unfinished.during(partials, async () => {
      const { size, ...made } = await signedBy(assignment, (signing) =>
        exportVideo({ ...ask, signing }, reporting(assignment), signal),
      );
      for (const { path, content } of beside) await writeWhole(path, content({ ...made, size }));
      return { ...made, ...Object.fromEntries(beside.map(({ what, path }) => [what, path])) };
    });

    async function said(): Promise<ExportSound> {
      switch (sound.kind) {
        case 'path':
          return { ...sound, speech, ...(await spokenAt(sound.times)) };
        case 'source':
          return { kind: 'path', path: await place.soundsOf(project)(SOURCE_SOUND), speech };
        case 'take':
          return {
            ...sound,
            sounds: place.soundsOf(project),
            phones: phonesOf(assignment),
            spoken: (id) => place.isSpoken(project, id),
            folder: library.paths.job(assignment.job.id),
          };
      }
    }
  },
});

/** When what is said in the project's sounds, as far as a voice spoke them. */
export function phonesOf(assignment: Assignment<unknown>): PhonesLookup {
  const project = projectOf(assignment);
  return async (sound) => (await assignment.place.saidIn(project, sound))?.times.phones ?? [];
}

/** Of a file that was written with speech; nothing where it is gone since: the sound is heard all the same. */
async function spokenAt(path: string | undefined): Promise<{ phones: readonly SpokenPhone[]; spoken: boolean }> {
  if (path === undefined) return { phones: [], spoken: false };
  try {
    return { phones: SpokenScript.parse(JSON.parse(await readFile(path, 'utf8'))).times.phones, spoken: true };
  } catch {
    return { phones: [], spoken: false };
  }
}

/** Lets it be made with what signs it, as was asked for, else as the settings say. */
export async function signedBy<T>(
  { request, place, signal }: Assignment<{ readonly credentials?: boolean | undefined }>,
  make: (signing: SigningOrNot) => Promise<T>,
): Promise<T> {
  const { library, installation, tools } = place;
  const on = request.credentials ?? library.settings.get().credentials;
  return withSigning({ installation, tools: await tools(), folder: library.paths.credentials }, on, make, signal);
}

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
