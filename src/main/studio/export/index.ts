/** A take written to a file: the source video with the driven face put back, or the avatar over its background. */
import { type ExportResult, type FrameResult, StudioError } from '../../../shared/contract/index.ts';
import type { Signed } from '../../../shared/contract/credentials.ts';
import { type FilmFormat, FORMATS, SIGNED_AS, tooLong } from '../../../shared/domain/film/index.ts';
import { isSubsampled, writePng } from '../media/index.ts';
import type { Picture } from '../engine/index.ts';
import type { ExportJob, Pictures } from './job.ts';
import { performed } from './performed.ts';
import type { ExportProgress, ExportRequest, FrameRequest } from './request.ts';
import { exportSound } from './sound-alone.ts';
import { writeVideo } from './write.ts';

export { signedAs, spokenDefinition } from './credentials.ts';
export { isMadeOf, isOfList, provenancePath, TRAINED_ALGORITHMIC_MEDIA } from './provenance.ts';
export { partialsOf } from './partials.ts';
export { filmedPose } from './performed.ts';
export { besideFilm, requirePlace } from './place.ts';
export { type Ordered, sealReturned } from './returned.ts';
export type { ExportProgress, ExportRequest, ExportSound, FrameRequest } from './request.ts';

/** What an export made. */
export interface Exported extends ExportResult {
  /** Of its pictures; a sound alone has none. */
  readonly size?: { readonly width: number; readonly height: number } | undefined;
}

/**
 * A film, or its sound alone. Raises StudioError: 'bad-bundle', 'bad-video', 'bad-audio', 'no-audio', 'bad-request',
 * 'disk-full', 'cancelled'.
 */
export async function exportVideo(
  request: ExportRequest,
  onProgress: (progress: ExportProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Exported> {
  const begin = performance.now();
  if (!FORMATS[request.format ?? 'mp4'].picture) return exportSound(request, onProgress, signal);
  const { seconds, ...written } = await performed(request, onProgress, signal, async (ready) => {
    const { job, draw, sign, ignoredLanes, record } = ready;
    const { format = 'mp4' } = request;
    refuseTooLong(format, job.sound.seconds);
    let credentials: Signed = UNSIGNED;
    const { path, frames, size } = await writeVideo(
      job,
      draw(isSubsampled(format) ? 'yuv420p' : 'rgba'),
      async (partial) => {
        credentials = await sign(partial, SIGNED_AS[format]);
      },
    );
    const { seconds: length } = job.sound;
    const provenance = await record(path, { frames, seconds: length, fps: job.fps });
    return {
      path,
      frames,
      size,
      seconds: length,
      provenance,
      ignoredLanes: [...ignoredLanes],
      heardWith: job.avatar.heardWith,
      credentials,
    };
  });
  return { ...written, seconds, xRealtime: seconds / ((performance.now() - begin) / 1000) };
}

/** Raises StudioError('bad-request'). */
function refuseTooLong(format: FilmFormat, seconds: number): void {
  const refused = tooLong(format, seconds);
  if (refused) throw new StudioError({ code: 'bad-request', ...refused });
}

/**
 * One frame of a take as PNG, as an export of the take draws it: to the pixel, but for the grain of a dub more than
 * three seconds behind its beginning. Raises as `exportVideo` does.
 */
export function exportFrame(
  request: FrameRequest,
  onProgress: (progress: ExportProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<FrameResult> {
  return performed(request, onProgress, signal, async ({ job, draw, sign, ignoredLanes, record }) => {
    const { outPath: path } = request;
    const pictures = draw('rgba'); // most films have half as many colours as pixels, a picture need not
    const picture = await lastOf(job, pictures);
    let credentials: Signed = UNSIGNED;
    await writePng(request.tools, {
      path,
      picture,
      pixelFormat: pictures.format,
      alpha: pictures.alpha,
      texts: job.tags,
      seal: async (partial) => {
        credentials = await sign(partial, 'image/png');
      },
      signal,
    });
    const { width, height } = picture;
    const frame = job.sound.first + job.sound.frames - 1;
    const seconds = frame / job.fps;
    const provenance = await record(path, { frame, seconds, fps: job.fps });
    return {
      path,
      frame,
      seconds,
      width,
      height,
      provenance,
      ignoredLanes: [...ignoredLanes],
      heardWith: job.avatar.heardWith,
      credentials,
    };
  });
}

/** Until it is known. */
const UNSIGNED: Signed = { kind: 'unsigned', why: 'It was not finished.' };

/** Draws all of them, two at a time. */
async function lastOf({ sound, onProgress, signal }: ExportJob, { pictures, spare }: Pictures): Promise<Picture> {
  let before: Promise<Picture> | undefined;
  let done = 0;
  for await (const { picture } of pictures) {
    picture.catch(() => undefined); // it is awaited in its turn; until then a failure is not unhandled
    if (before) spare.push((await before).pixels);
    signal?.throwIfAborted();
    before = picture;
    done += 1;
    onProgress({ stage: 'frames', done, total: sound.frames });
  }
  return before!;
}
