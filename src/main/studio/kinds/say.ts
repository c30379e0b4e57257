import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../shared/contract/errors.ts';
import { SayResult } from '../../../shared/contract/voices.ts';
import { Script, type SpokenScript } from '../../../shared/domain/script/index.ts';
import type { Signed } from '../../../shared/contract/credentials.ts';
import { SIGNED_AS } from '../../../shared/domain/film/index.ts';
import { type SigningOrNot, withSigning } from '../credentials/index.ts';
import { signedAs, spokenDefinition } from '../export/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { partialBeside, settle, writeWhole } from '../ground/settle.ts';
import { threadsFor } from '../system/environment.ts';
import { requireVoice, say as speak } from '../voices/index.ts';
import { defineKind, projectOf } from './kind.ts';
import { running, throttled } from './progress.ts';

function asMissing(error: unknown): StudioError {
  if (error instanceof StudioError && error.code === 'missing-tool') return error;
  throw error;
}

/** Speaks a script: as a sound of the project whose job it is, else as a file. */
export const say = defineKind({
  request: z.object({
    script: Script,
    name: z.string(), // of the sound
    outPath: z.string().nullable(), // a .wav file; null: among the job's own, with the times
    timesPath: z.string().nullable(), // of the words' times, as JSON
  }),
  result: SayResult,
  lane: 'voice',
  needs: [],
  work: async (assignment) => {
    const { job, place, request, signal, report } = assignment;
    const { script, name } = request;
    const { library, installation } = place;
    const path = request.outPath ?? join(library.paths.job(job.id), 'speech.wav');
    const beside = request.outPath === null && job.projectId === null ? path.replace(/wav$/, 'json') : null;
    const timesPath = request.timesPath ?? beside;
    const wave = partialBeside(path);
    async function signed(file: string, voice: string): Promise<Signed> {
      const sign = (signing: SigningOrNot) =>
        signedAs(SIGNED_AS.wav, signing, { file, path }, async () => spokenDefinition(voice));
      const tools = await place.tools().catch(asMissing); // a voice speaks without the trainer, whose they are
      if (tools instanceof StudioError) return sign({ unsigned: `${tools.message} ${tools.hint}` });
      const at = { installation, tools, folder: library.paths.credentials };
      return withSigning(at, library.settings.get().credentials, sign, signal);
    }
    return library.unfinished.during([wave, `${wave}.signed`], async () => {
      try {
        const voice = await requireVoice(installation.resources, library.paths, script.voice);
        makeFolder(dirname(path));
        const { times, sentences, anew } = await speak({
          voice,
          script,
          wave,
          folder: library.paths.spoken,
          threads: threadsFor(library.settings.get().threads),
          signal,
          onProgress: throttled((done, total) => report(running({ stage: 'say', done, total, unit: 'sentences' }))),
        });
        signal.throwIfAborted();
        const spoken: SpokenScript = { version: 1, script, times };
        if (timesPath !== null) await writeWhole(timesPath, `${JSON.stringify(spoken)}\n`);
        const said = { seconds: times.seconds, sentences, anew, words: times.words.length, times: timesPath };
        if (job.projectId === null) {
          const credentials = request.outPath === null ? undefined : await signed(wave, voice.sha256);
          await settle(wave, path);
          return { ...said, path, sound: null, ...(credentials && { credentials }) };
        }
        const project = projectOf(assignment);
        const sound = await place.addSpoken(project, wave, name, spoken);
        return { ...said, path: await place.soundsOf(project)(sound.id), sound: sound.id };
      } finally {
        await rm(wave, { force: true });
      }
    });
  },
});
