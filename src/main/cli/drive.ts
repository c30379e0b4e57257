import type { Command } from 'commander';
import { DriveResult } from '../../shared/contract/index.ts';
import { ownName } from './arguments.ts';
import { addConsentOptions, type ConsentOptions, consentOf } from './consent-options.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

interface Options extends ConsentOptions {
  readonly video: string;
  readonly name?: string;
}

/** Another video drives an avatar. */
export function addDrive(program: Command, inSession: InSession): void {
  const command = program
    .command('drive')
    .description("Lets the face in another video move this avatar: as a new take with lanes, and the video's sound.")
    .argument('<project>', 'an id or a unique name')
    .requiredOption('--video <file>', 'any video of one person; nothing of it stays but how they move, and the sound')
    .option('--name <name>', 'what the video is called in the name of the take (default: its file)', ownName);
  addConsentOptions(command, 'why the movement of the person in it may be used').action(
    (project: string, { video, name, ...given }: Options) =>
      inSession(async (session) => {
        const consent = consentOf(given, 'the movement of the person in this video may be used');
        const driven = await followJob(session, session.studio.timeline.drive(project, { path: video, name, consent }));
        answer(session.terminal, DriveResult, driven, lines(driven));
      }),
  );
}

function lines({ take, sound, seconds, frames, good, people, lanes, keys, coarser }: DriveResult): string[] {
  return [
    `Made: ${take.name}  ${take.id}`,
    `${seconds.toFixed(1)} s of movement (${good} of ${frames} frames were good) in ${lanes.length} lanes, ` +
      `${keys} keyframes.`,
    ...(coarser > 1
      ? [`So long a video needs many keyframes: the lanes are ${coarser.toFixed(1)} times coarser than usual.`]
      : []),
    ...(people > 1 ? [`${people} people were seen; the one who fills most of the video drives.`] : []),
    ...(sound === null ? ['There is nothing to hear in this video: add a sound before the take is exported.'] : []),
    'Of the video itself nothing was kept but its sound.',
  ];
}
