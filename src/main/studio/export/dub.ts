import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSafetensors, TensorFileError } from '../../../shared/binary/index.ts';
import { type Manifest, StudioError } from '../../../shared/contract/index.ts';
import { otherAnalysis } from '../../../shared/domain/analysis.ts';
import { OtherVersionError } from '../../../shared/format/tensor-table.ts';
import { type Avatar, controlOf, type DubFrame, type MotionTrack, motionTrack, type Picture } from '../engine/index.ts';
import { type ProbedVideo, probeVideo } from '../media/index.ts';
import type { TakeFrame } from '../takes/index.ts';
import type { ExportJob, InTheMaking, Pictures } from './job.ts';
import { FADE_FRAMES, faceOpacity } from './opacity.ts';
import type { ExportRequest } from './request.ts';
import { type PictureSize, sourcePictures } from './source-pictures.ts';

/** The video that is dubbed, and the motion of every frame of it. */
export interface Filmed {
  readonly video: ProbedVideo;
  readonly track: MotionTrack;
}

/** The video that is dubbed. Raises StudioError('bad-request' | 'bad-video') unless the avatar was made from it. */
export async function filmedVideo(
  { source, picture, tools }: Pick<ExportRequest, 'source' | 'picture' | 'tools'>,
  manifest: Manifest,
): Promise<ProbedVideo> {
  if (!source)
    throw new StudioError({
      code: 'bad-request',
      message: 'Dubbing needs the source video.',
      hint: 'Give the video the avatar was made from, or export a portrait.',
    });
  const video = await probeVideo(tools, source, picture);
  const { width, height } = manifest.source;
  if (video.source.width === width && video.source.height === height) return video;
  const found = `${video.source.width}x${video.source.height}`;
  throw new StudioError({
    code: 'bad-request',
    message: `This avatar was made from a video of ${width}x${height}; this one is ${found}.`,
    hint: 'Use the video the avatar was made from.',
  });
}

/** The source's pictures with the driven face put back. */
export function dubbedPictures(
  { avatar, request, sound, performance, fps, signal }: ExportJob,
  { video, track }: Filmed,
): Pictures {
  const { first, whole } = sound;
  const end = first + sound.frames;
  const from = Math.max(whole.first, first - FADE_FRAMES); // what is beside a frame says how much of its face is shown
  const to = Math.min(whole.first + whole.frames, end + FADE_FRAMES);
  const beside = Array.from({ length: to - from }, (_, k) => performance.frame(from + k));
  const opacity = faceOpacity(track.state, rowsOf(beside)).subarray(first - from);
  const frames = beside.slice(first - from, end - from);
  const rows = rowsOf(frames);
  const size = sizeOf(request.height, video.source);
  const how = { zoom: size.width / video.source.width, seconds: 1 / fps };
  const spare: Uint8Array[] = [];
  async function* pictures(): AsyncGenerator<InTheMaking, void, undefined> {
    let frame = 0;
    for await (const picture of sourcePictures(request.tools, video, rows, size, spare, signal)) {
      const { control: driven, row } = frames[frame]!;
      const shown = opacity[frame]!;
      frame += 1;
      const dub = () => dubbed(picture, { ...how, driven, source: controlOf(track, row), opacity: shown });
      yield { picture: shown > 0 ? dub() : Promise.resolve(picture) };
    }
  }
  async function dubbed({ width, height, pixels: planes }: Picture, how: Omit<DubFrame, 'picture'>): Promise<Picture> {
    const picture = await avatar.dub({ picture: { width, height, planes }, ...how });
    return { width, height, pixels: picture.planes };
  }
  return { format: 'yuv420p', spare, pictures: pictures() };
}

const rowsOf = (frames: readonly TakeFrame[]): Int32Array => Int32Array.from(frames, ({ row }) => row);

/** The motion of every frame of the video: the avatar's own track, or the analysis where that one is shortened. */
export async function trackOf(
  analysisDir: string | undefined,
  { idle }: Avatar,
  video: ProbedVideo,
): Promise<MotionTrack> {
  if (idle.frames === video.source.frames) return idle;
  const mismatch = (detail: string) =>
    new StudioError({
      code: 'bad-request',
      message: 'The analysis does not belong to this video.',
      hint: 'Analyse the video again.',
      detail,
    });
  if (!analysisDir) throw mismatch(`The avatar holds ${idle.frames} frames, the video ${video.source.frames}.`);
  try {
    const track = motionTrack('track', parseSafetensors(await readFile(join(analysisDir, 'track.safetensors'))));
    if (track.frames !== video.source.frames)
      throw mismatch(`The analysis holds ${track.frames} frames, the video ${video.source.frames}.`);
    return track;
  } catch (cause) {
    if (cause instanceof OtherVersionError) throw otherAnalysis(cause.newer, cause);
    if (cause instanceof TensorFileError) throw mismatch(cause.message);
    throw cause;
  }
}

function sizeOf(height: number | 'source', source: PictureSize): PictureSize {
  if (height === 'source') return { width: source.width, height: source.height };
  const even = Math.max(2, 2 * Math.floor(height / 2));
  return { width: Math.max(2, 2 * Math.round((even * source.width) / source.height / 2)), height: even };
}
