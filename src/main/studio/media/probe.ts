import { resolve } from 'node:path';
import { z } from 'zod';
import { SourceInfo, type StudioError } from '../../../shared/contract/index.ts';
import { READING } from '../../../shared/format/index.ts';
import { requireFile } from '../ground/require-file.ts';
import { PLAIN_FILES } from './arguments.ts';
import { badVideo, endFailure, mediaFailure } from './failure.ts';
import { readProgram } from './program.ts';
import { rateOf } from './rate.ts';
import { type Reading, readingOf } from './reading.ts';
import { refusal, refusedBrand } from './refusal.ts';
import { choosePicture, type DescribedStream, movingPictures, type PictureStream } from './streams.ts';
import { type FrameTimes, frameTimes, fromFirst } from './timing.ts';
import type { MediaTools } from './tools.ts';
import { decodedTimes, missingSeconds } from './whole.ts';

/** A video file as it is displayed, with the time of every frame. */
export interface ProbedVideo {
  readonly path: string;
  readonly source: SourceInfo;
  /** The index of its picture in the file, and all there are. */
  readonly picture: number;
  readonly streams: readonly DescribedStream[];
  /** Presentation time of each frame in display order, seconds; the first is at 0. */
  readonly times: Float64Array;
  /** Where the first one is on ffmpeg's clock of the file, seconds. */
  readonly begins: number;
  readonly reading: Reading;
  /** Whether the container finds a time by itself (mp4, mkv); in others, frames are counted from the beginning. */
  readonly seekable: boolean;
}

const Stream = z.object({
  index: z.int(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  sample_aspect_ratio: z.string().optional(),
  field_order: z.string().optional(),
  color_primaries: z.string().optional(),
  color_transfer: z.string().optional(),
  color_space: z.string().optional(),
  color_range: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  duration: z.string().optional(),
  nb_frames: z.string().optional(),
  channels: z.int().optional(),
  start_time: z.string().optional(),
  disposition: z.record(z.string(), z.int()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
const Streams = z.object({
  streams: z.array(Stream),
  format: z.object({ format_name: z.string(), duration: z.string().optional(), start_time: z.string().optional() }),
});
type Format = z.infer<typeof Streams>['format'];
type VideoStream = z.infer<typeof Stream> & PictureStream;

/**
 * Reads what a video holds, of its pictures the one at index `wish`, else the chosen one. Counts its packets, so
 * `frames` is exact. Raises StudioError('not-found' | 'bad-video' | 'bad-request').
 */
export async function probeVideo(tools: MediaTools, path: string, wish?: number): Promise<ProbedVideo> {
  if ((await requireFile(path)).size === 0) throw badVideo('This file is empty.');
  const { streams, format } = await readStreams(tools, path);
  const video = choosePicture(movingPictures(streams), wish) as VideoStream | undefined;
  if (!video) throw badVideo('This file holds no moving picture.');
  const rotation = rotationOf(video);
  const size = displayedSize(video, rotation);
  refuseVast(size);
  const { times, begins, missing, damaged, untimed } = await shownTimes(tools, path, video, format);
  if (times.length === 0) throw badVideo('This video has no frames.');
  const { fps, variable } = rateOf(times, [ratio(video.avg_frame_rate), ratio(video.r_frame_rate)]);
  const { reading, facts } = await readingOf(tools, path, video);
  const source = SourceInfo.safeParse({
    ...size,
    fps,
    duration: endOf(times, fps),
    frames: times.length,
    rotation,
    hasAudio: streams.some((stream) => stream.codec_type === 'audio'),
    codec: video.codec_name ?? 'unknown',
    variableFrameRate: variable,
    ...facts,
    damaged,
    ...(missing > 0 ? { missingSeconds: missing } : {}),
  });
  if (!source.success) throw badVideo('This file cannot be read as a video.', source.error.message);
  const seekable = /mov|matroska/.test(format.format_name) && untimed === 'none';
  return { path, source: source.data, picture: video.index, streams, times, begins, reading, seekable };
}

/** When the frames that can be read are shown, and how many seconds of the file are missing at its end. */
async function shownTimes(
  tools: MediaTools,
  path: string,
  video: VideoStream,
  format: Format,
): Promise<Omit<FrameTimes, 'hidden'> & { readonly missing: number }> {
  const { times, begins, hidden, damaged, untimed } = await frameTimes(tools, path, video.index);
  const rate = ratio(video.avg_frame_rate) || 25;
  const { format_name: name, duration: said, start_time: starts } = format;
  const lacking = framesLacking(name, Number(video.nb_frames ?? 0) - times.length - hidden, rate) / rate;
  const [start, duration] = [Number(starts ?? 0) || 0, Number(said ?? 0)];
  const pictureEnd = start + begins + (times.at(-1) || 0) + 1 / rate;
  const missing = lacking || (await missingSeconds(tools, path, { format: name, start, duration, pictureEnd }));
  const whole = !damaged && missing === 0;
  if (whole && untimed !== 'any' && times.length > 0) return { times, begins, missing, damaged, untimed };
  // Packets are listed from the first key frame on; some containers (swf, roq) call none so.
  return { ...fromFirst(await decodedTimes(tools, path, video.index)), missing, damaged: !whole, untimed };
}

/** An mp4's index says how many frames there should be; an AVI's header about how many; the others nothing. */
function framesLacking(format: string, lacking: number, rate: number): number {
  const tolerated = format.includes('mov')
    ? 0
    : format.includes('avi')
      ? READING.whole.missingSeconds * rate
      : Infinity;
  return lacking > tolerated ? lacking : 0;
}

/** Where the last frame ends, seconds after the first one's beginning; in whole microseconds. */
function endOf(times: Float64Array, fps: number): number {
  const last = times.at(-1)!;
  const end = Number.isNaN(last) ? times.length / fps : last + 1 / fps;
  return Math.round(end * 1e6) / 1e6;
}

/** An avatar of a picture beyond these could not be taken in (`docs/reliability.md`). */
function refuseVast({ width, height }: { readonly width: number; readonly height: number }): void {
  const [longer, shorter] = [Math.max(width, height), Math.min(width, height)];
  if (longer <= READING.mostSide && longer <= READING.mostAspect * shorter) return;
  const { mostSide, mostAspect } = READING;
  throw badVideo(
    `This video is ${width}x${height}; it takes sides up to ${mostSide}, none ${mostAspect} times the other.`,
  );
}

/** What ffprobe says of a file. Raises StudioError('bad-video' | 'bad-audio' | 'interrupted' | 'missing-tool'). */
export async function readStreams(
  tools: MediaTools,
  path: string,
  role: 'video' | 'sound' = 'video',
): Promise<z.infer<typeof Streams>> {
  const pictures = await refusedBrand(path, role);
  if (pictures) throw pictures;
  const args = ['-v', 'error', ...PLAIN_FILES, '-show_streams', '-show_format', '-of', 'json', resolve(path)];
  const { output, ...end } = await readProgram(tools.ffprobe, args);
  const { log } = end;
  const failure = refusal(path, log, role) ?? withoutIndex(role, log) ?? endFailure(role, end);
  if (failure) throw failure;
  try {
    return Streams.parse(JSON.parse(output));
  } catch (error) {
    throw mediaFailure(role, String(error));
  }
}

function withoutIndex(role: 'video' | 'sound', log: string): StudioError | null {
  if (role === 'sound' || !/moov atom not found/.test(log)) return null;
  return badVideo('This video is cut short before its index, without which nothing of it can be read.', log);
}

/** Degrees counter-clockwise the picture was turned, 0..359, as the container says. */
function rotationOf(stream: VideoStream): number {
  const matrix = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation;
  const degrees = Math.round(matrix ?? -Number(stream.tags?.['rotate'] ?? 0));
  return ((degrees % 360) + 360) % 360;
}

function displayedSize(stream: VideoStream, rotation: number): { width: number; height: number } {
  const width = Math.max(1, Math.round(stream.width * (ratio(stream.sample_aspect_ratio) || 1)));
  return rotation === 90 || rotation === 270
    ? { width: stream.height, height: width }
    : { width, height: stream.height };
}

/** "30000/1001" or "4:3" as a number; 0 when there is none. */
function ratio(text: string | undefined): number {
  const [above, below = '1'] = (text ?? '').split(/[/:]/);
  const value = Number(above) / Number(below);
  return Number.isFinite(value) ? value : 0;
}
