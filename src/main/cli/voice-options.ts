import { type Command, InvalidArgumentError, Option } from 'commander';
import { StudioError } from '../../shared/contract/index.ts';
import {
  cuesOf,
  isSubtitles,
  PAUSE,
  type Script,
  scriptOfCues,
  SPEED,
  USUAL_LANGUAGE,
} from '../../shared/domain/script/index.ts';
import type { Studio } from '../studio/studio.ts';

export interface VoiceOptions {
  readonly voice?: string;
  readonly speed?: number;
  readonly pause?: number;
}

/** How a script is spoken. */
export function addVoiceOptions(command: Command): Command {
  return command
    .option('--voice <name>', 'one of "voices list" (default: the first that is here)')
    .option('--speed <times>', `from ${SPEED.least} to ${SPEED.most} (default: ${SPEED.usual})`, within(SPEED))
    .option(
      '--pause <seconds>',
      `between sentences, ${PAUSE.least} to ${PAUSE.most}, twice that between paragraphs (default: ${PAUSE.usual})`,
      within(PAUSE),
    );
}

export function within({ least, most }: { readonly least: number; readonly most: number }): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

/** A text file as a script. Raises StudioError('not-found' | 'bad-request'). */
export async function scriptOf(
  studio: Studio,
  file: string,
  { voice, speed, pause }: VoiceOptions,
): Promise<Pick<Script, 'text' | 'voice'> & Partial<Script>> {
  return scriptOfText(studio, await studio.voices.readText(file), { voice, speed, pause });
}

/** The same of a text, or of subtitles. Raises StudioError('not-found'). */
export async function scriptOfText(
  studio: Studio,
  text: string,
  { voice, speed, pause }: VoiceOptions,
): Promise<Pick<Script, 'text' | 'voice'> & Partial<Script>> {
  return {
    text: textOf(text),
    voice: voice ?? (await usualVoice(studio)),
    ...(speed === undefined ? {} : { speed }),
    ...(pause === undefined ? {} : { pause }),
  };
}

/** The words of a text, or of subtitles. */
export function textOf(file: string): string {
  return isSubtitles(file) ? scriptOfCues(cuesOf(file)) : file;
}

/** What a text is read in that somebody else says. */
export function languageOption(): Option {
  return new Option('--language <code>', `what is spoken, as "de", "fr" or "pt-br" (default: ${USUAL_LANGUAGE})`);
}

/** Raises StudioError('not-found') where there is none at all. */
export async function usualVoice(studio: Studio): Promise<string> {
  const voices = await studio.voices.list();
  const usual = voices.find(({ state }) => state === 'present') ?? voices[0];
  if (usual) return usual.name;
  throw new StudioError({ code: 'not-found', message: 'There is no voice.', hint: 'Add one: "likeness models add".' });
}
