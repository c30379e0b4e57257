import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpokenScript } from '../../../shared/domain/script/index.ts';
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
