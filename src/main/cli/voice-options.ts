import { type Command, Option } from 'commander';
import { PAUSE, type Script, SPEED, USUAL_LANGUAGE } from '../../shared/domain/script/index.ts';
import { scriptOfText, within, type WrittenVoice } from '../../shared/domain/written/index.ts';
import type { Studio } from '../studio/studio.ts';
import { asOption } from './arguments.ts';

/** How a script is spoken. */
export function addVoiceOptions(command: Command): Command {
  return command
    .option('--voice <name>', 'one of "voices list" (default: the first that is here)')
    .option(
      '--speed <times>',
      `from ${SPEED.least} to ${SPEED.most} (default: ${SPEED.usual})`,
      asOption(within(SPEED)),
    )
    .option(
      '--pause <seconds>',
      `between sentences, ${PAUSE.least} to ${PAUSE.most}, twice that between paragraphs (default: ${PAUSE.usual})`,
      asOption(within(PAUSE)),
    );
}

/** A text file as a script. Raises StudioError('not-found' | 'bad-request'). */
export async function scriptOf(
  { voices }: Studio,
  file: string,
  how: WrittenVoice,
): Promise<Pick<Script, 'text' | 'voice'> & Partial<Script>> {
  const text = await voices.readText(file);
  return scriptOfText(text, { ...how, voice: how.voice ?? (await voices.usual()) });
}

/** What a text is read in that somebody else says. */
export function languageOption(): Option {
  return new Option('--language <code>', `what is spoken, as "de", "fr" or "pt-br" (default: ${USUAL_LANGUAGE})`);
}
