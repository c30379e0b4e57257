import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../ground/make-folder.ts';
import { type MediaTools, type ProbedVideo, probeVideo, readJpegs } from '../media/index.ts';
import { asFileError } from '../ground/settle.ts';
import { encodeIndex, INDEX_FILE, PICTURES_FILE } from './picture-index.ts';

/** The window's viewer is rarely larger, and memory and disk grow with the square of it. */
const MAX_LINES = 540;
/** ffmpeg's scale of quantisers; see docs/decisions/pictures.md for what it costs. */
const QUALITY = 3;

/**
 * Writes a video as pictures into `folder`, whole or not at all; one that is there is replaced.
 * Raises StudioError('not-found' | 'bad-video' | 'disk-full' | 'cancelled').
 */
export async function makePictures(
  tools: MediaTools,
  { source, picture }: { readonly source: string; readonly picture?: number | undefined },
  folder: string,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ frames: number; bytes: number }> {
  const video = await probeVideo(tools, source, picture);
  const size = pictureSize(video.source);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    makeFolder(partial);
    const offsets = [0];
    const file = await open(join(partial, PICTURES_FILE), 'wx');
    try {
      for await (const jpeg of readJpegs(tools, video, { size, quality: QUALITY, signal })) {
        await file.appendFile(jpeg);
        offsets.push(offsets.at(-1)! + jpeg.length);
        onProgress(offsets.length - 1, video.source.frames);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const frames = offsets.length - 1; // fewer than the container says when some cannot be decoded
    const index = await open(join(partial, INDEX_FILE), 'wx');
    try {
      await index.writeFile(
        encodeIndex({ ...size, offsets: Float64Array.from(offsets), times: timesOf(video, frames) }),
      );
      await index.sync();
    } finally {
      await index.close();
    }
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    return { frames, bytes: offsets.at(-1)! };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw asFileError(error);
  }
}

/** An AVI may keep no times; its frames come at its rate. */
function timesOf({ times, source }: ProbedVideo, frames: number): Float64Array {
  return Float64Array.from({ length: frames }, (_, k) => (Number.isNaN(times[0]) ? k / source.fps : times[k]!));
}

/** Of a picture: the source's, or less, never more. */
export function pictureSize({ width, height }: { readonly width: number; readonly height: number }): {
  readonly width: number;
  readonly height: number;
} {
  const scale = Math.min(1, MAX_LINES / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
