import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { VoiceName } from '../../../shared/domain/script/index.ts';
import { copyWhole } from '../ground/settle.ts';
import type { ModelStatus } from '../models/index.ts';
import { Speaker } from './speaker.ts';
import { LARGEST_VOICE, noVoice, readVoiceConfig } from './voice-file.ts';

const MODEL = '.onnx';
const TRIED = 'Hello.';

/**
 * Takes in a Piper voice of anybody's, its configuration beside it, once it has spoken a word; undefined for a file of
 * another kind. Raises StudioError('bad-request' | 'disk-full').
 */
export async function takeVoice(file: string, folder: string): Promise<ModelStatus | undefined> {
  if (extname(file).toLowerCase() !== MODEL) return undefined;
  const config = `${file}.json`;
  if (!existsSync(config)) throw noVoice(`There is no ${basename(config)}.`);
  if ((await stat(file)).size > LARGEST_VOICE) throw noVoice('It is larger than any voice.');
  const name = VoiceName.safeParse(basename(file, extname(file)).toLowerCase());
  if (!name.success) throw noVoice('Its name has more than letters, digits, dots, dashes and underlines.');
  const speaker = await Speaker.open(file, config, 1);
  try {
    const { espeak } = speaker.config;
    if (espeak.voice.startsWith('en')) await speaker.speak(TRIED, 1);
  } finally {
    await speaker.close();
  }
  await copyWhole(config, configOf(folder, name.data));
  await copyWhole(file, modelOf(folder, name.data));
  return statusOf(folder, name.data);
}

/** Those that were taken in, by name. */
export async function ownVoices(folder: string): Promise<ModelStatus[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder))
    .filter((file) => file.endsWith(MODEL))
    .map((file) => basename(file, MODEL))
    .filter((name) => VoiceName.safeParse(name).success);
  return Promise.all(names.toSorted().map((name) => statusOf(folder, name)));
}

async function statusOf(folder: string, name: string): Promise<ModelStatus> {
  const whole = await readVoiceConfig(configOf(folder, name)).then(
    () => true,
    () => false,
  );
  return {
    name,
    purpose: 'A voice that was added here.',
    licence: 'as its author says',
    origin: 'user',
    file: `voices/${name}${MODEL}`,
    path: modelOf(folder, name),
    state: whole ? 'present' : 'damaged',
  };
}

const modelOf = (folder: string, name: string): string => join(folder, `${name}${MODEL}`);
export const configOf = (folder: string, name: string): string => `${modelOf(folder, name)}.json`;
