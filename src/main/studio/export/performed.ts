import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Signed } from '../../../shared/contract/credentials.ts';
import type { SignedFormat } from '../../../shared/domain/film/index.ts';
import type { LaneName } from '../../../shared/domain/lanes/index.ts';
import type { PoseSource } from '../../../shared/domain/take.ts';
import { openAvatar, type PortraitFormat, readManifest } from '../engine/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { hear, mannerOf, performanceOf, variationOf } from '../takes/index.ts';
import { definitionOf, type Ingredients, signedAs } from './credentials.ts';
import { dubbedPictures, type Filmed, filmedVideo, trackOf } from './dub.ts';
import type { ExportJob, Pictures } from './job.ts';
import { watermarked } from './marking.ts';
import { portraitPictures } from './portrait.ts';
import { type Origin, provenanceTags, rememberingHashes, writeProvenance } from './provenance.ts';
import type { ExportProgress, ExportRequest } from './request.ts';
import { directionsOf, withSound } from './sound.ts';

/** What is to be written, ready to be drawn. */
export interface Performed {
  readonly job: ExportJob;
  /** Draws, once; a portrait in that format, a dub as planes. */
  readonly draw: (format: PortraitFormat) => Pictures;
  /** Keyed, but not followed. */
  readonly ignoredLanes: readonly LaneName[];
  /** Signs the whole file before it gets its name. */
  readonly sign: (file: string, format: SignedFormat) => Promise<Signed>;
  /** Writes the record of where the finished file comes from beside it, and answers its path. */
  readonly record: (path: string, output: Readonly<Record<string, number>>) => Promise<string>;
}

/** Has the avatar hear what it is to say, and keeps everything open while `write` draws. Raises as `exportVideo`. */
export async function performed<T>(
  request: ExportRequest,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal | undefined,
  write: (performed: Performed) => Promise<T>,
): Promise<T> {
  const folder = dirname(request.outPath);
  makeFolder(folder);
  await access(folder, constants.W_OK); // else it is only known once everything was heard
  const { avatarPath, threads, networks, hubert } = request;
  const manifest = await readManifest(avatarPath);
  // Each takes a second where much is waited for: the avatar is opened while its sound is decoded.
  const opening = openAvatar(avatarPath, { graph: 'best', threads, networks, hubert });
  opening.catch(() => undefined); // it is awaited below; until then a failure is not unhandled
  try {
    const video = request.mode === 'dub' ? await filmedVideo(request, manifest) : undefined;
    const fps = video?.source.fps ?? manifest.source.fps;
    onProgress({ stage: 'speech', done: 0, total: 1 });
    return await withSound(request, fps, signal, async (sound) => {
      const avatar = await opening;
      const filmed = video && { video, track: await trackOf(request.analysisDir, avatar, video) };
      return write(await performedBy({ avatar, filmed, fps, sound, request, onProgress, signal }));
    });
  } catch (error) {
    if (!signal?.aborted || error instanceof StudioError) throw error;
    throw new StudioError({
      code: 'cancelled',
      message: 'The export was stopped.',
      hint: 'Start it again when you like.',
    });
  } finally {
    await opening.then(
      (avatar) => avatar.close(),
      () => undefined,
    );
  }
}

async function performedBy({
  filmed,
  ...parts
}: Omit<ExportJob, 'performance' | 'tags'> & { readonly filmed: Filmed | undefined }): Promise<Performed> {
  const { avatar, request, fps, sound, onProgress, signal } = parts;
  const { speech, pose, lanes, ignoredLanes } = directionsOf(request);
  const manner = mannerOf(avatar, speech, lanes);
  const variation = variationOf(avatar, speech, pose, lanes);
  const end = sound.whole.first + sound.whole.frames;
  const said = await hear(avatar, sound.heard, { fps, end, variation, signal });
  onProgress({ stage: 'speech', done: 1, total: 1 });
  signal?.throwIfAborted();
  const take = request.sound.kind === 'take' ? request.sound : undefined;
  const made = take?.at === undefined ? 'film' : 'frame';
  const origin: Origin = { avatarId: avatar.id, manifest: avatar.manifest, mode: request.mode, made };
  const behind = !filmed && request.background?.kind === 'file' ? request.background.path : undefined;
  const performance = performanceOf(avatar, {
    manner,
    said,
    lanes,
    fps,
    ...(filmed ? { pose: filmedPose(pose), track: filmed.track } : { pose }),
  });
  const job: ExportJob = { ...parts, performance, tags: provenanceTags(origin) };
  const hashOf = rememberingHashes();
  const ingredients = async (): Promise<Ingredients> => ({
    source: filmed ? await hashOf(filmed.video.path) : avatar.manifest.provenance.sourceSha256,
    sound: made === 'frame' ? undefined : await hashOf(sound.path),
    background: behind === undefined ? undefined : await hashOf(behind),
  });
  return {
    job,
    sign: (file, format) =>
      signedAs(format, request.signing, { file, path: request.outPath }, async () =>
        definitionOf(origin, await ingredients()),
      ),
    draw: (format) => watermarked(filmed ? dubbedPictures(job, filmed) : portraitPictures(job, format), avatar.id),
    ignoredLanes,
    record: (path, output) =>
      writeProvenance(path, origin, {
        output,
        picture: request,
        sound,
        take: take?.name,
        speech,
        lanes,
        sourcePath: filmed?.video.path,
        madeOf: request.madeOf,
        consent: request.consent,
        hashOf,
      }),
  };
}

/** In a dub the head moves as it was filmed: a film that holds one frame would be a still with a mouth. */
export function filmedPose(pose: PoseSource): Extract<PoseSource, { kind: 'source' }> {
  return pose.kind === 'source' ? pose : { kind: 'source', startFrame: 0 };
}
