import { z } from 'zod';
import { ExportResult } from '../../../shared/contract/index.ts';
import { PLAIN_SPEECH, SOURCE_SOUND, Speech, Take } from '../../../shared/domain/take.ts';
import { type ExportProgress, type ExportSound, exportVideo, provenancePath } from '../export/index.ts';
import { migrated } from '../takes/index.ts';
import { partialBeside } from '../ground/settle.ts';
import { threadsFor } from '../system/environment.ts';
import { defineKind, projectOf } from './kind.ts';
import { running } from './progress.ts';

/** What an export says: a file, the video's own sound, or a take as it was when the export was asked for. */
const Sound = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string() }),
  z.object({ kind: z.literal('source') }),
  // Exports that were asked for while a project had one take name none.
  z.object({
    kind: z.literal('take'),
    name: z.string().optional(),
    take: z.unknown().transform(migrated).pipe(Take),
  }),
]);

/** Writes what the avatar says as a film. */
export const exportFilm = defineKind({
  request: z.object({
    sound: Sound,
    speech: Speech.default(PLAIN_SPEECH), // of a file's sound or the video's own; a take says its own
    outPath: z.string(),
    mode: z.enum(['dub', 'portrait']),
    height: z.union([z.literal('source'), z.int().positive()]),
  }),
  result: ExportResult,
  lane: 'media',
  needs: ['avatar'],
  work: async (assignment) => {
    const { report, signal, place } = assignment;
    const { library } = place;
    const { sound, speech, ...how } = assignment.request;
    const project = projectOf(assignment);
    const source = project.sourceFile ? library.sourcePath(project) : undefined;
    const { outPath } = how;
    const partials = [outPath, provenancePath(outPath)].map(partialBeside);
    const tools = await place.tools();
    const heard = await said();
    return library.unfinished.during(partials, () =>
      exportVideo(
        {
          ...how,
          sound: heard,
          tools,
          source,
          picture: project.source.streams?.picture,
          avatarPath: library.paths.avatar(project.id),
          analysisDir: library.paths.analysis(project.id),
          threads: threadsFor(library.settings.get().threads),
        },
        (progress) => report(running({ ...ofTwo(progress), ...progress })),
        signal,
      ),
    );

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

/** Of both stages: hearing the sound takes little beside drawing the frames. */
const ENDS = [0.05, 1];

function ofTwo({ stage }: ExportProgress) {
  return stage === 'speech'
    ? { stageIndex: 0, ends: ENDS, unit: 'tracks' }
    : { stageIndex: 1, ends: ENDS, unit: 'frames' };
}
