import { stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { z } from 'zod';
import { SourceInfo, StudioError } from '../../../shared/contract/index.ts';
import { PLAIN_FILES } from './arguments.ts';
import { badVideo, endFailure, mediaFailure } from './failure.ts';
import { readProgram } from './program.ts';
import { frameTimes, isVariable } from './timing.ts';
import type { MediaTools } from './tools.ts';

/** A video file as it is displayed, with the time of every frame. */
export interface ProbedVideo {
  readonly path: string;
  readonly source: SourceInfo;
  /** Presentation time of each frame in display order, seconds; the first shown picture or sound is at 0. */
  readonly times: Float64Array;
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
  avg_frame_rate: z.string().optional(),
  duration: z.string().optional(),
  nb_frames: z.string().optional(),
  disposition: z.record(z.string(), z.int()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
const Streams = z.object({
  streams: z.array(Stream),
  format: z.object({ format_name: z.string(), duration: z.string().optional(), start_time: z.string().optional() }),
});
type VideoStream = z.infer<typeof Stream> & { width: number; height: number };

/**
 * Reads what a video holds. Counts its packets, so `frames` is exact. Raises StudioError('not-found' | 'bad-video').
 */
export async function probeVideo(tools: MediaTools, path: string): Promise<ProbedVideo> {
  await refuseEmpty(path);
  const { streams, format } = await readStreams(tools, path);
  const video = streams.find(isPicture);
  if (!video) throw badVideo('This file holds no moving picture.');
  const { times, hidden, damaged } = await frameTimes(tools, path, video.index, Number(format.start_time ?? 0) || 0);
  if (times.length === 0) throw badVideo('This video has no frames.');
  // The index of an mp4 says how many frames there should be: fewer means the end of the file is missing.
  // An AVI's header only says about how many.
  const promised = format.format_name.includes('mov') ? Number(video.nb_frames ?? 0) : 0;
  if (damaged || times.length + hidden < promised) {
    throw badVideo(
      'This video is cut short: the end of the file is missing.',
      `${times.length + hidden} of ${promised} frames are there`,
    );
  }
  const declared = Number(video.duration ?? format.duration ?? 0);
  const fps = ratio(video.avg_frame_rate) || times.length / (declared || 1);
  const rotation = rotationOf(video);
  const size = displayedSize(video, rotation);
  const source = SourceInfo.safeParse({
    ...size,
    fps,
    duration: declared > 0 ? declared : times.length / fps,
    frames: times.length,
    rotation,
    hasAudio: streams.some((stream) => stream.codec_type === 'audio'),
    codec: video.codec_name ?? 'unknown',
    variableFrameRate: isVariable(times),
  });
  if (!source.success) throw badVideo('This file cannot be read as a video.', source.error.message);
  return { path, source: source.data, times, seekable: /mov|matroska/.test(format.format_name) };
}

async function refuseEmpty(path: string): Promise<void> {
  const file = await stat(path).catch(() => null);
  if (!file?.isFile())
    throw new StudioError({ code: 'not-found', message: `There is no file ${path}.`, hint: 'Check the path.' });
  if (file.size === 0) throw badVideo('This file is empty.');
}

async function readStreams(tools: MediaTools, path: string): Promise<z.infer<typeof Streams>> {
  const args = ['-v', 'error', ...PLAIN_FILES, '-show_streams', '-show_format', '-of', 'json', resolve(path)];
  const { output, ...end } = await readProgram(tools.ffprobe, args);
  const { log } = end;
  const failure = endFailure('video', end);
  if (failure && /Format not on whitelist|Not detecting m3u8/i.test(log)) {
    const named = extname(path) ? ` named ${extname(path)}` : '';
    throw badVideo(`This is not a video but another kind of file${named}.`, log);
  }
  if (failure) throw failure;
  try {
    return Streams.parse(JSON.parse(output));
  } catch (error) {
    throw mediaFailure('video', String(error));
  }
}

function isPicture(stream: z.infer<typeof Stream>): stream is VideoStream {
  return stream.codec_type === 'video' && !stream.disposition?.['attached_pic'] && !!stream.width && !!stream.height;
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
