import type { Command } from 'commander';
import { StudioError } from '../../shared/contract/index.ts';
import { AlignResult } from '../../shared/contract/voices.ts';
import { USUAL_LANGUAGE } from '../../shared/domain/script/index.ts';
import type { Studio } from '../studio/studio.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';
import { wordsOf } from '../../shared/domain/written/index.ts';
import { languageOption } from './voice-options.ts';

interface Options {
  readonly audio?: string;
  readonly sound?: string;
  readonly text: string;
  readonly language?: string;
  readonly out?: string;
}

/** When the words of a text are said in a recording. */
export function addCaptions(program: Command, inSession: InSession): void {
  program
    .command('captions')
    .description(
      'Looks for the words of a text in a recording of it: for a file of captions, or for captions of a take that it ' +
        'is on.',
    )
    .argument('[project]', 'an id or a unique name, with --sound')
    .requiredOption('--text <file>', 'a .txt, .srt or .vtt file: every word that is said, and no other')
    .option('--audio <file>', 'any file with speech')
    .option('--sound <name>', 'a sound of the project, by its name or id; "source" is the video\'s own')
    .addOption(languageOption())
    .option('--out <file>', 'captions as .srt or .vtt, or the times of the words as .json')
    .action((project: string | undefined, { audio, sound, text: file, language = USUAL_LANGUAGE, out }: Options) =>
      inSession(async (session) => {
        const { studio, terminal } = session;
        const text = wordsOf(await studio.voices.readText(file));
        const asked = { text, language, outPath: out };
        const job =
          project !== undefined && sound !== undefined && audio === undefined
            ? studio.voices.align({ ...asked, project, sound: soundCalled(studio, project, sound) })
            : project === undefined && sound === undefined && audio !== undefined && out !== undefined
              ? studio.voices.align({ ...asked, path: audio })
              : Promise.reject(unclear());
        const result = await followJob(session, await job);
        answer(terminal, AlignResult, result, [
          `${result.words} words in ${result.seconds.toFixed(2)} s.`,
          ...(result.sound === null
            ? []
            : ['The sound keeps its text: exports of a take that it is on can caption it.']),
          ...(result.path === null ? [] : [`Written: ${result.path}`]),
        ]);
      }),
    );
}

/** Raises StudioError('not-found' | 'ambiguous'). */
function soundCalled(studio: Studio, project: string, name: string): string {
  const found = studio.voices.sounds(project).filter((sound) => sound.id === name || sound.name === name);
  if (found.length === 1) return found[0]!.id;
  throw new StudioError({
    code: found.length === 0 ? 'not-found' : 'ambiguous',
    message: found.length === 0 ? `There is no sound "${name}".` : `Several sounds are called "${name}".`,
    hint: `They are: ${studio.voices
      .sounds(project)
      .map((sound) => `${sound.id} (${sound.name})`)
      .join(', ')}.`,
  });
}

function unclear(): StudioError {
  return new StudioError({
    code: 'bad-request',
    message: 'It is not said what the text is said in.',
    hint: 'Give --audio FILE and --out FILE, or a project and --sound NAME.',
  });
}
