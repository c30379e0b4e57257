/** A take written to a file: the source video with the driven face put back, or the avatar over its background. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ExportResult, StudioError } from '../../../shared/contract/index.ts';
import type { PoseSource } from '../../../shared/domain/take.ts';
import { type Avatar, openAvatar } from '../engine/index.ts';
import { hear, mannerOf, performanceOf, variationOf } from '../takes/index.ts';
import { dubbedPictures, filmedBy } from './dub.ts';
import type { ExportJob } from './job.ts';
import { portraitPictures } from './portrait.ts';
import { type Origin, provenanceTags, writeProvenance } from './provenance.ts';
import type { ExportProgress, ExportRequest } from './request.ts';
import { directionsOf, withSound } from './sound.ts';
import { writeVideo } from './write.ts';

export { provenancePath } from './provenance.ts';
export type { ExportProgress, ExportRequest, ExportSound } from './request.ts';

/** Raises StudioError: 'bad-bundle', 'bad-video', 'bad-audio', 'no-audio', 'bad-request', 'disk-full', 'cancelled'. */
export async function exportVideo(
  request: ExportRequest,
  onProgress: (progress: ExportProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<ExportResult> {
  await mkdir(dirname(request.outPath), { recursive: true });
  const begin = performance.now();
  const avatar = await openAvatar(request.avatarPath, { graph: 'best', threads: request.threads });
  try {
    const { seconds, ...written } = await write(request, avatar, onProgress, signal);
    return { ...written, seconds, xRealtime: seconds / ((performance.now() - begin) / 1000) };
  } catch (error) {
    if (!signal?.aborted || error instanceof StudioError) throw error;
    throw new StudioError({
      code: 'cancelled',
      message: 'The export was stopped.',
      hint: 'Start it again when you like.',
    });
  } finally {
    await avatar.close();
  }
}

async function write(
  request: ExportRequest,
  avatar: Avatar,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal | undefined,
): Promise<Omit<ExportResult, 'xRealtime'>> {
  const { speech, pose, lanes, ignoredLanes } = directionsOf(request);
  const manner = mannerOf(avatar, speech, lanes);
  const variation = variationOf(avatar, speech, pose, lanes);
  const filmed = request.mode === 'dub' ? await filmedBy(request, avatar) : undefined;
  const fps = filmed?.video.source.fps ?? avatar.manifest.source.fps;
  onProgress({ stage: 'speech', done: 0, total: 1 });
  return withSound(request, fps, signal, async (sound) => {
    const said = await hear(avatar, sound.heard, { fps, end: sound.first + sound.frames, variation, signal });
    onProgress({ stage: 'speech', done: 1, total: 1 });
    signal?.throwIfAborted();
    const origin: Origin = { avatarId: avatar.id, manifest: avatar.manifest, mode: request.mode };
    const job: ExportJob = {
      request,
      avatar,
      fps,
      sound,
      performance: performanceOf(avatar, {
        manner,
        said,
        lanes,
        fps,
        ...(filmed ? { pose: filmedPose(pose), track: filmed.track } : { pose }),
      }),
      tags: provenanceTags(origin),
      onProgress,
      signal,
    };
    const { path, frames } = await writeVideo(job, filmed ? dubbedPictures(job, filmed) : portraitPictures(job));
    const { seconds } = sound;
    const take = request.sound.kind === 'take' ? request.sound.name : undefined;
    const made = { sound, take, speech, lanes, sourcePath: filmed?.video.path, frames, fps };
    const provenance = await writeProvenance(path, origin, made);
    return { path, frames, seconds, provenance, ignoredLanes: [...ignoredLanes] };
  });
}

/** In a dub the head moves as it was filmed: a film that holds one frame would be a still with a mouth. */
function filmedPose(pose: PoseSource): PoseSource {
  return pose.kind === 'source' ? pose : { kind: 'source', startFrame: 0 };
}
