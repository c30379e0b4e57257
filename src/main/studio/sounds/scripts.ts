import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SoundText, SpokenScript } from '../../../shared/domain/script/index.ts';
import { writeWhole } from '../ground/settle.ts';

/** What a voice spoke as a sound, and when its words are said. */
export function scriptPath(folder: string, sound: string): string {
  return join(folder, `${sound}.script.json`);
}

/** Raises StudioError('disk-full'). */
export async function keepScript(folder: string, sound: string, spoken: SpokenScript): Promise<void> {
  await writeWhole(scriptPath(folder, sound), JSON.stringify(spoken));
}

/** Null of a sound that no voice spoke, or whose script is damaged. */
export async function readScript(folder: string, sound: string): Promise<SpokenScript | null> {
  try {
    return SpokenScript.parse(JSON.parse(await readFile(scriptPath(folder, sound), 'utf8')));
  } catch {
    return null;
  }
}

/** The text that a recorded sound was given, and when its words are said. */
export function textPath(folder: string, sound: string): string {
  return join(folder, `${sound}.text.json`);
}

/** Raises StudioError('disk-full'). */
export async function keepText(folder: string, sound: string, text: SoundText): Promise<void> {
  await writeWhole(textPath(folder, sound), JSON.stringify(text));
}

/** Null of a sound that was given none, or whose text is damaged. */
export async function readText(folder: string, sound: string): Promise<SoundText | null> {
  try {
    return SoundText.parse(JSON.parse(await readFile(textPath(folder, sound), 'utf8')));
  } catch {
    return null;
  }
}
