import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AlignResult } from '../../../shared/contract/voices.ts';
import {
  captionsOf,
  captionWords,
  Language,
  LONGEST_SCRIPT,
  type SoundText,
  subtitles,
  USUAL_LINE,
} from '../../../shared/domain/script/index.ts';
import { SoundId } from '../../../shared/domain/take.ts';
import { align as alignText, type AlignStage } from '../alignment/index.ts';
import { requirePlace } from '../export/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { partialBeside, writeWhole } from '../ground/settle.ts';
import { threadsFor } from '../system/environment.ts';
import { defineKind, projectOf } from './kind.ts';
import { running } from './progress.ts';

const STAGES: readonly AlignStage[] = ['text', 'listen', 'align'];
const ENDS = [0.1, 0.5, 1];

/** Finds the words of a text in a recording: of the project whose job it is, else in a file. */
export const align = defineKind({
  request: z.object({
    text: z.string().max(LONGEST_SCRIPT),
    language: Language,
    sound: z.union([z.object({ id: SoundId }), z.object({ path: z.string() })]),
    outPath: z.string().nullable(), // .srt, .vtt, or .json of the times; null: the job's own, of a file's
  }),
  result: AlignResult,
  lane: 'voice',
  needs: [],
  work: async (assignment) => {
    const { job, place, request, signal, report } = assignment;
    const { text, language, sound, outPath } = request;
    const { library, installation } = place;
    const folder = library.paths.job(job.id);
    makeFolder(folder);
    const scratch = partialBeside(join(folder, 'read.wav'));
    let last: { readonly stage: AlignStage; readonly done: number } | undefined;
    return library.unfinished.during([scratch], async () => {
      try {
        const recording = 'id' in sound ? await place.soundsOf(projectOf(assignment))(sound.id) : sound.path;
        if (outPath !== null) requirePlace([outPath], [recording]);
        const times = await alignText({
          sound: recording,
          text,
          language,
          tools: await place.tools(),
          resources: installation.resources,
          scratch,
          threads: threadsFor(library.settings.get().threads),
          signal,
          onProgress: (stage, share) => {
            const done = Math.floor(100 * share);
            if (stage === last?.stage && done === last.done) return;
            last = { stage, done };
            report(
              running({ stage, stageIndex: STAGES.indexOf(stage), ends: ENDS, done, total: 100, unit: 'percent' }),
            );
          },
        });
        const known: SoundText = { version: 1, text, language, times };
        if ('id' in sound) await place.keepText(projectOf(assignment), sound.id, known);
        const path = outPath ?? ('id' in sound ? null : join(folder, 'times.json'));
        if (path !== null) await writeWhole(path, fileOf(known, path));
        return {
          seconds: times.seconds,
          words: times.words.length,
          sound: 'id' in sound ? sound.id : null,
          path,
        };
      } finally {
        await rm(scratch, { force: true });
      }
    });
  },
});

/** Captions in the format that a file's name says, else the words' times. */
function fileOf(known: SoundText, path: string): string {
  const format = (['srt', 'vtt'] as const).find((one) => path.toLowerCase().endsWith(`.${one}`));
  if (!format) return `${JSON.stringify(known)}\n`;
  return subtitles(captionsOf(captionWords(known.text, known.times.words), { line: USUAL_LINE }), format);
}
