import { InvalidArgumentError, type Command } from 'commander';
import { open } from 'node:fs/promises';
import { StudioError } from '../../shared/contract/index.ts';
import { cuesOf, isSubtitles, PAUSE, type Script, scriptOfCues, SPEED } from '../../shared/domain/script/index.ts';
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

function within({ least, most }: { readonly least: number; readonly most: number }): (text: string) => number {
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
  const text = await readText(file);
  return {
    text: isSubtitles(text) ? scriptOfCues(cuesOf(text)) : text,
    voice: voice ?? (await usualVoice(studio)),
    ...(speed === undefined ? {} : { speed }),
    ...(pause === undefined ? {} : { pause }),
  };
}

/** Raises StudioError('not-found') where there is none at all. */
async function usualVoice(studio: Studio): Promise<string> {
  const voices = await studio.voices.list();
  const usual = voices.find(({ state }) => state === 'present') ?? voices[0];
  if (usual) return usual.name;
  throw new StudioError({ code: 'not-found', message: 'There is no voice.', hint: 'Add one: "likeness models add".' });
}

/** Bytes: more than the longest script has, so that what is too long is told in characters. */
const MOST_READ = 64e6;

/** UTF-8, with or without its mark; UTF-16 with its mark. */
async function readText(path: string): Promise<string> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new StudioError({ code: 'not-found', message: `There is no file ${path}.`, hint: 'Check the path.' });
  });
  try {
    if ((await file.stat()).size > MOST_READ) throw noText('It is larger than any text.');
    const bytes = await file.readFile();
    const [first, second] = bytes;
    const encoding =
      first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw cause instanceof TypeError ? noText(cause.message) : cause;
  } finally {
    await file.close();
  }
}

function noText(detail: string): StudioError {
  return new StudioError({
    code: 'bad-request',
    message: 'This file is no text.',
    hint: 'Give a .txt, .srt or .vtt file in UTF-8.',
    detail,
  });
}
