import { createWriteStream, rmSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { safeFileName } from '../../../shared/domain/export-name.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { asFileError, partialBeside } from '../ground/settle.ts';
import { withTexts } from './png.ts';
import { type SoundPart, writeSoundFile } from './sound-file.ts';
import type { MediaTools } from './tools.ts';

interface SequenceOptions {
  readonly path: string;
  /** The archive while it is unfinished. */
  readonly partial: string;
  readonly sound?: SoundPart;
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A film as numbered PNGs and a WAV, in one archive. */
interface Sequence {
  /** Where ffmpeg puts the pictures. */
  readonly pattern: string;
  /** Makes the archive of them. Raises StudioError. */
  pack(): Promise<void>;
  discard(): Promise<void>;
}

/** The folder in which the pictures of an archive lie until it is made. */
export const sequenceFolder = (path: string): string => partialBeside(`${path}.frames`);

const SOUND_FILE = 'sound.wav';
const FRAME = /^\d{6,}\.png$/;

export function openSequence(tools: MediaTools, { path, partial, sound, metadata, signal }: SequenceOptions): Sequence {
  const folder = sequenceFolder(path);
  rmSync(folder, { recursive: true, force: true }); // what a killed program left
  makeFolder(folder);
  return {
    pattern: join(folder.replaceAll('%', '%%'), '%06d.png'),
    async pack() {
      const heard = join(folder, SOUND_FILE);
      if (sound) await writeSoundFile(tools, { path: heard, format: 'wav', sound, metadata, signal });
      try {
        await pack(folder, partial, safeFileName(basename(path, '.zip')) || 'film', metadata, signal);
      } catch (error) {
        throw asFileError(error);
      }
      await rm(folder, { recursive: true, force: true });
    },
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Each picture says what the film says of itself. What is in them is compressed already. */
async function pack(
  folder: string,
  archive: string,
  name: string,
  texts: SequenceOptions['metadata'],
  signal: AbortSignal,
): Promise<void> {
  const zip = new ZipFile();
  for (const file of (await readdir(folder)).toSorted()) {
    signal.throwIfAborted();
    const path = join(folder, file);
    if (FRAME.test(file)) await writeFile(path, withTexts(await readFile(path), texts));
    zip.addFile(path, `${name}/${file}`, { compress: false });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(archive), { signal });
}
