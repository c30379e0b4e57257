import type { Command } from 'commander';
import { type SourceInfo, SourceStreams } from '../../shared/contract/index.ts';
import { streamLines } from '../../shared/domain/streams.ts';
import { wholeNumber } from './arguments.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

interface Wish {
  readonly picture?: number;
  readonly sound?: number;
}

/** The options by which a picture and a sound of a file are chosen. */
export function addStreamOptions(command: Command): Command {
  return command
    .option('--picture <number>', 'which of several pictures is the film, by its number in the file', wholeNumber)
    .option('--sound <number>', 'which of several sounds is heard, by its number in the file', wholeNumber);
}

export function addStreams(program: Command, inSession: InSession): void {
  const command = program
    .command('streams')
    .description("Lists the pictures and sounds of a project's video, and chooses others before a training.")
    .argument('<project>', 'an id or a unique name');
  addStreamOptions(command).action((project: string, wish: Wish) =>
    inSession(async ({ studio, terminal }) => {
      const streams = await studio.projects.chooseStreams(project, wish);
      answer(terminal, SourceStreams, streams, streamLines(streams));
    }),
  );
}

/** What is said of a file that holds more than one picture or sound, or a sound that had to be mended. */
export function choiceLines({ streams }: SourceInfo): string[] {
  if (!streams) return [];
  const plain = streams.pictures.length === 1 && streams.sounds.length < 2 && !streams.opposite;
  return plain ? [] : streamLines(streams);
}
