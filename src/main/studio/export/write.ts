import { rm, writeFile } from 'node:fs/promises';
import { assFilter, assOf, cuesFor, lineOf } from '../captions/index.ts';
import { openVideoSink, type VideoSink } from '../media/index.ts';
import type { ExportJob, InTheMaking, Pictures } from './job.ts';
import { drawnCaptions } from './partials.ts';
import type { ExportRequest } from './request.ts';

/** Pictures under way beside those being drawn: one being written, one waiting so that the engine never does. */
const WAITING = 2;

interface Written {
  readonly path: string;
  readonly frames: number;
  readonly size: { readonly width: number; readonly height: number };
}

/** Writes pictures in order, with their sound, while later ones are still being made. */
export async function writeVideo(
  { request, avatar, fps, sound, tags, onProgress, signal }: ExportJob,
  { format, alpha = false, spare, pictures }: Pictures,
  seal?: (partial: string) => Promise<void>,
): Promise<Written> {
  let sink: VideoSink | undefined;
  let size: Written['size'] | undefined;
  let done = 0;
  let failed = false; // then nothing may open the file again
  const drawn = drawnCaptions(request.outPath);
  async function write({ picture }: InTheMaking, before: Promise<void> | undefined): Promise<void> {
    const { width, height, pixels } = await picture;
    await before;
    signal?.throwIfAborted();
    if (failed) return;
    size ??= { width, height };
    const { path, track, start, seconds } = sound;
    const over = sink ? undefined : await captionsOver(request, { width, height, alpha, seconds }, drawn);
    sink ??= openVideoSink(request.tools, {
      path: request.outPath,
      format: request.format ?? 'mp4',
      quality: request.quality ?? 'good',
      width,
      height,
      fps,
      pixelFormat: format,
      alpha,
      sound: { path, track, start, seconds },
      metadata: tags,
      over,
      seal,
      ...(signal ? { signal } : {}),
    });
    await sink.write(pixels);
    spare.push(pixels);
    done += 1;
    onProgress({ stage: 'frames', done, total: sound.frames });
  }
  const underway: Promise<void>[] = [];
  try {
    for await (const picture of pictures) {
      const written = write(picture, underway.at(-1));
      written.catch(() => undefined); // it is awaited in its turn; until then a failure is not unhandled
      underway.push(written);
      if (underway.length >= avatar.atOnce + WAITING) await underway.shift();
    }
    await Promise.all(underway);
    return { ...(await sink!.finish()), size: size! };
  } catch (error) {
    failed = true;
    await sink?.abort();
    throw error;
  } finally {
    await rm(drawn, { force: true });
  }
}

/** Writes captions that are to be drawn as a file, laid out for the pictures; answers the filter that draws them. */
async function captionsOver(
  { captions }: ExportRequest,
  film: { readonly width: number; readonly height: number; readonly alpha: boolean; readonly seconds: number },
  path: string,
): Promise<string | undefined> {
  if (!captions) return undefined;
  await writeFile(path, assOf(cuesFor(captions.captions, lineOf(film), film.seconds), film));
  return assFilter(path, captions.fonts, film.alpha);
}
