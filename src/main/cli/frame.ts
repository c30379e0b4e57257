import { Option, type Command } from 'commander';
import { FrameResult, StudioError } from '../../shared/contract/index.ts';
import { parseTimecode, timecode } from '../../shared/domain/timecode.ts';
import { pictureHeight, type WrittenFilm } from '../../shared/domain/written/index.ts';
import { asOption, TAKE_OR_OPEN } from './arguments.ts';
import { addLookOptions, credentialsOption, signedWords } from './film-options.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

interface Options extends Pick<WrittenFilm, 'background' | 'shape'> {
  readonly at: string;
  readonly take?: string;
  readonly out?: string;
  readonly mode: 'dub' | 'portrait';
  readonly height: number | 'source';
  readonly credentials: boolean;
}

export function addFrame(program: Command, inSession: InSession): void {
  const command = program
    .command('frame')
    .description('Saves one frame of a take as PNG, as an export of the take shows it.')
    .argument('<project>', 'an id or a unique name')
    .requiredOption('--at <time>', 'the moment of the timeline: "1.5", "1:07.5", "00:00:01:05", "120f"')
    .option('--take <take>', TAKE_OR_OPEN)
    .option('--out <file>', "a .png file (default: in the project's exports, named by the rule of the settings)")
    .addOption(
      new Option('--mode <mode>', 'the avatar alone, or the source video with the driven face put back')
        .choices(['dub', 'portrait'])
        .default('portrait'),
    )
    .option('--height <rows>', 'rows of the picture, or "source"', asOption(pictureHeight), 'source' as const);
  addLookOptions(command)
    .addOption(credentialsOption())
    .action((project: string, { at, out, credentials, ...how }: Options) =>
      inSession(async (session) => {
        const { studio, terminal } = session;
        const { fps } = (await studio.projects.get(project)).source;
        const seconds = parseTimecode(at, { now: 0, fps });
        if (seconds === undefined)
          throw new StudioError({
            code: 'bad-request',
            message: `"${at}" is no moment of a take.`,
            hint: 'Give it as --at 1.5, --at 0:12 or --at 120f.',
          });
        const { job } = studio.avatars.saveFrame(project, {
          at: seconds,
          outPath: out,
          ...how,
          ...(credentials ? {} : { credentials }),
        });
        const saved = await followJob(session, job);
        answer(terminal, FrameResult, saved, [
          `The frame at ${timecode(saved.seconds, fps)}, ${saved.width}x${saved.height}: ${saved.path}`,
          `Where it comes from is written beside it: ${saved.provenance}`,
          signedWords(saved.credentials),
          ...(saved.ignoredLanes.length > 0
            ? [`A dub keeps the video's pose, so it leaves out: ${saved.ignoredLanes.join(', ')}.`]
            : []),
          ...(saved.heardWith.notice === null ? [] : [saved.heardWith.notice]),
        ]);
      }),
    );
}
