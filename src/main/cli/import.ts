import type { Command } from 'commander';
import { ImportResult } from '../../shared/contract/index.ts';
import { sourceRemarks } from '../../shared/domain/source-remarks.ts';
import { addConsentOptions, type ConsentOptions, consentOf } from './consent-options.ts';
import type { InSession } from './session.ts';
import { addStreamOptions, choiceLines } from './streams.ts';
import { answer } from './terminal.ts';

interface Options extends ConsentOptions {
  readonly name?: string;
  readonly picture?: number;
  readonly sound?: number;
}

export function addImport(program: Command, inSession: InSession): void {
  const command = program
    .command('import')
    .description('Takes a video of one person into the library.')
    .argument('<video>', 'a video file: mp4, mov, mkv, webm, avi and most others')
    .option('--name <name>', "the project's name (default: the file's)");
  addConsentOptions(command, 'why this likeness may be used');
  addStreamOptions(command).action((video: string, { name, picture, sound, ...given }: Options) =>
    inSession(async ({ studio, terminal }) => {
      const consent = consentOf(given, 'this person may be shown');
      const imported = await studio.projects.importVideo({
        path: video,
        name,
        consent,
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
