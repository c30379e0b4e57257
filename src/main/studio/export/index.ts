/** A take written to a file: the source video with the driven face put back, or the avatar over its background. */
import type { ExportResult, FrameResult } from '../../../shared/contract/index.ts';
import { writePng } from '../media/index.ts';
import type { Picture } from '../engine/index.ts';
import type { ExportJob, Pictures } from './job.ts';
import { performed } from './performed.ts';
import type { ExportProgress, ExportRequest, FrameRequest } from './request.ts';
import { writeVideo } from './write.ts';

export { provenancePath } from './provenance.ts';
export type { ExportProgress, ExportRequest, ExportSound, FrameRequest } from './request.ts';

/** Raises StudioError: 'bad-bundle', 'bad-video', 'bad-audio', 'no-audio', 'bad-request', 'disk-full', 'cancelled'. */
export async function exportVideo(
  request: ExportRequest,
  onProgress: (progress: ExportProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<ExportResult> {
  const begin = performance.now();
  const { seconds, ...written } = await performed(request, onProgress, signal, async (ready) => {
    const { job, pictures, ignoredLanes, record } = ready;
    const { path, frames } = await writeVideo(job, pictures);
    const { seconds: length } = job.sound;
    const provenance = await record(path, { frames, seconds: length, fps: job.fps });
    return { path, frames, seconds: length, provenance, ignoredLanes: [...ignoredLanes] };
  });
  return { ...written, seconds, xRealtime: seconds / ((performance.now() - begin) / 1000) };
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
  return performed(request, onProgress, signal, async ({ job, pictures, ignoredLanes, record }) => {
    const { outPath: path } = request;
    const picture = await lastOf(job, pictures);
    await writePng(request.tools, { path, picture, pixelFormat: pictures.format, texts: job.tags, signal });
    const { width, height } = picture;
    const frame = job.sound.first + job.sound.frames - 1;
    const seconds = frame / job.fps;
    const provenance = await record(path, { frame, seconds, fps: job.fps });
    return { path, frame, seconds, width, height, provenance, ignoredLanes: [...ignoredLanes] };
  });
}

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
