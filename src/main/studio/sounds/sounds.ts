import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { SourceStreams } from '../../../shared/contract/index.ts';
import type { SoundInfo } from '../../../shared/contract/studio.ts';
import { SOURCE_SOUND } from '../../../shared/domain/take.ts';
import { entriesIn } from '../ground/entries.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { readPlainFile } from '../ground/plain-file.ts';
import { filmTrack, type MediaTools, type SoundTrack, toWave, waveFormat } from '../media/index.ts';
import { scriptPath, textPath } from './scripts.ts';
import { asFileError, settle } from '../ground/settle.ts';

/** What lies beside a sound's samples. */
const Label = z.object({ name: z.string(), seconds: z.number().positive() });

/** Samples of a sound; whether they are there is another matter. */
export function wavePath(folder: string, id: string): string {
  return join(folder, `${id}.wav`);
}

/**
 * Takes the sound of a file in, the chosen one where `track` names none; the id is of its samples, so that the same
 * sound is there once. Raises StudioError('not-found' | 'bad-audio' | 'no-audio' | 'disk-full').
 */
export async function addSound(
  tools: MediaTools,
  folder: string,
  file: string,
  name: string,
  track?: SoundTrack,
): Promise<SoundInfo> {
  return whole(folder, async (partial) => {
    const { sha256, seconds } = await toWave(tools, file, partial, { silence: 'refused', ...(track ? { track } : {}) });
    const id = sha256.slice(0, 16);
    const there = listSounds(folder).find((sound) => sound.id === id);
    if (there) return there;
    await settle(partial, wavePath(folder, id));
    await writeFile(partial, JSON.stringify({ name, seconds }));
    await settle(partial, join(folder, `${id}.json`));
    return { id, name, seconds };
  });
}

/** Those that were added, in the order they were. */
export function listSounds(folder: string): SoundInfo[] {
  if (!existsSync(folder)) return [];
  return entriesIn(folder, (name) => /^[0-9a-f]{16}\.json$/.test(name))
    .map(({ name, path, stats }) => ({ id: basename(name, '.json'), added: stats.mtimeMs, label: labelOf(path) }))
    .filter(({ id }) => existsSync(wavePath(folder, id)))
    .sort((a, b) => a.added - b.added)
    .flatMap(({ id, label }) => (label ? { id, ...label, ...wordsOf(folder, id) } : []));
}

/** Whether it is known what is said in it. */
export function wordsOf(folder: string, id: string): Pick<SoundInfo, 'spoken' | 'aligned'> {
  return {
    ...(existsSync(scriptPath(folder, id)) ? { spoken: true } : {}),
    ...(existsSync(textPath(folder, id)) ? { aligned: true } : {}),
  };
}

export async function removeSound(folder: string, id: string): Promise<void> {
  for (const ending of ['json', 'wav', 'shape.json', 'script.json', 'text.json'])
    await rm(join(folder, `${id}.${ending}`), { force: true });
}

/**
 * The video's own sound, decoded when it is first asked for. Raises StudioError('no-audio' | 'bad-audio' |
 * 'disk-full').
 */
export async function sourceSound(
  tools: MediaTools,
  folder: string,
  video: string,
  streams?: SourceStreams,
): Promise<string> {
  const path = wavePath(folder, SOURCE_SOUND);
  if (await waveFormat(path).catch(() => undefined)) return path; // a damaged one is decoded again
  const decoding =
    underway.get(path) ?? decodeSource(tools, folder, video, streams).finally(() => underway.delete(path));
  underway.set(path, decoding);
  await decoding;
  return path;
}

/** A window may ask for its shape and its samples at the same moment. */
const underway = new Map<string, Promise<void>>();

function decodeSource(
  tools: MediaTools,
  folder: string,
  video: string,
  streams: SourceStreams | undefined,
): Promise<void> {
  return whole(folder, async (partial) => {
    const track = await filmTrack(tools, video, streams);
    await toWave(tools, video, partial, { track, silence: 'kept' });
    await settle(partial, wavePath(folder, SOURCE_SOUND));
  });
}

/** Runs `make` with a temporary name of its own in the folder; nothing is left under it. */
async function whole<T>(folder: string, make: (partial: string) => Promise<T>): Promise<T> {
  const partial = join(folder, `.${randomUUID()}.partial`);
  try {
    makeFolder(folder);
    await sweep(folder);
    return await make(partial);
  } catch (error) {
    throw asFileError(error);
  } finally {
    await rm(partial, { force: true });
  }
}

const DAY_MS = 24 * 3600 * 1000;

/** What a crash left half made. A younger one may be another process at work. */
async function sweep(folder: string): Promise<void> {
  for (const { path, stats } of entriesIn(folder, (name) => name.endsWith('.partial')))
    if (stats.mtimeMs < Date.now() - DAY_MS) await rm(path, { force: true });
}

function labelOf(path: string): z.infer<typeof Label> | undefined {
  try {
    return Label.parse(JSON.parse(readPlainFile(path).toString()));
  } catch {
    return undefined; // adding the sound again writes it again
  }
}
