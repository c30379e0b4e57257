import { Option, type Command } from 'commander';
import { ImportResult, StudioError } from '../../shared/contract/index.ts';
import { sourceRemarks } from '../../shared/domain/source-remarks.ts';
import type { InSession } from './session.ts';
import { addStreamOptions, choiceLines } from './streams.ts';
import { answer } from './terminal.ts';

interface Options {
  readonly consent?: 'self' | 'permission' | 'synthetic';
  readonly name?: string;
  readonly note: string;
  readonly picture?: number;
  readonly sound?: number;
}

export function addImport(program: Command, inSession: InSession): void {
  const command = program
    .command('import')
    .description('Takes a video of one person into the library.')
    .argument('<video>', 'a video file: mp4, mov, mkv, webm, avi and most others')
    .addOption(
      new Option(
        '--consent <basis>',
        'why this likeness may be used: it is you, the person agreed, or nobody is real',
      ).choices(['self', 'permission', 'synthetic']),
    )
    .option('--name <name>', "the project's name (default: the file's)")
    .option('--note <text>', 'what to keep with the consent, such as who agreed and when', '');
  addStreamOptions(command).action((video: string, { consent, name, note, picture, sound }: Options) =>
    inSession(async ({ studio, terminal }) => {
      if (!consent) {
        throw new StudioError({
          code: 'consent-required',
          message: 'Likeness needs to know on what basis this person may be shown.',
          hint: 'Add --consent self, --consent permission (the person agreed) or --consent synthetic (nobody real).',
        });
      }
      const imported = await studio.projects.importVideo({
        path: video,
        name,
        consent: { basis: consent, note },
        streams: { picture, sound },
      });
      const { source } = imported;
      answer(terminal, ImportResult, imported, [
        `Imported "${imported.name}": ${source.width}x${source.height}, ${source.fps.toFixed(2)} fps, ` +
          `${source.duration.toFixed(1)} s, ${source.frames} frames.`,
        ...choiceLines(source),
        ...sourceRemarks(source),
        `Project ${imported.projectId}`,
      ]);
    }),
  );
}
