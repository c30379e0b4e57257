import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { rateFraction } from '../../../shared/domain/frame-rate.ts';
import { feedFfmpeg } from './command.ts';
import { type PixelFormat, pictureBytes } from './frames.ts';
import { inStep, type SoundTrack } from './sound-bytes.ts';
import { settle } from '../ground/settle.ts';
import type { MediaTools } from './tools.ts';

export interface VideoOptions {
  /** Where the finished file goes (.mp4); a file already there is replaced only once the new one is whole. */
  readonly path: string;
  /** Size of the frames written; an odd last column or row is left out of the file, as 4:2:0 needs. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Of the frames written; `yuv420p` is taken as BT.709, limited range, and goes into the file as it is. */
  readonly pixelFormat?: PixelFormat;
  /** A sound of any file; exactly `seconds` of it from `start` on, padded with silence if it is shorter. */
  readonly sound?: {
    readonly path: string;
    readonly track: SoundTrack;
    readonly start?: number;
    readonly seconds: number;
  };
  readonly metadata?: Readonly<Record<string, string>>;
  /** libx264's constant rate factor: 18 is visually lossless, lower is larger. */
  readonly quality?: number;
  /** libx264's preset: how long it may look for a smaller file. */
  readonly effort?: 'ultrafast' | 'veryfast' | 'fast' | 'medium' | 'slow';
  readonly signal?: AbortSignal;
}

/** Takes frames, makes an MP4: H.264 yuv420p (BT.709, tagged) and AAC, with the index in front. */
export interface VideoSink {
  /**
   * Resolves when the frame has gone: its buffer is the caller's again. One at a time. Raises what stopped the encoder.
   */
  write(pixels: Uint8Array): Promise<void>;
  /** Writes the file's end, syncs it to the disk and gives it its name. Raises StudioError. */
  finish(): Promise<{ readonly path: string; readonly frames: number }>;
  /** Stops and leaves nothing behind. */
  abort(): Promise<void>;
}

/** The unfinished file's name, beside the one it will get. */
export function partialName(path: string): string {
  return join(dirname(path), `.${basename(path)}.partial`);
}

export function openVideoSink(tools: MediaTools, options: VideoOptions): VideoSink {
  const { path, width, height, pixelFormat = 'rgb24', sound } = options;
  const partial = partialName(path);
  const frameBytes = pictureBytes(width, height, pixelFormat);
  const stop = new AbortController();
  const encoder = feedFfmpeg(tools, {
    inputs: [
      {
        file: null,
        options: [
          '-f',
          'rawvideo',
          '-pix_fmt',
          pixelFormat,
          '-s',
          `${width}x${height}`,
          '-framerate',
          rateFraction(options.fps),
        ],
      },
      ...(sound ? [{ file: sound.path }] : []),
    ],
    options: outputOptions(options),
    target: partial,
    role: 'output',
    signal: options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal,
  });
  let count = 0;
  encoder.ended.catch(() => undefined); // said by the next write, or at the end

  async function discard(error: unknown): Promise<never> {
    stop.abort();
    await encoder.ended.catch(() => undefined);
    await rm(partial, { force: true });
    throw error;
  }

  return {
    async write(pixels) {
      if (pixels.byteLength !== frameBytes)
        throw new RangeError(`A frame of ${pixels.byteLength} bytes, expected ${frameBytes}.`);
      count += 1;
      try {
        await Promise.race([encoder.send(pixels), encoder.ended]);
      } catch (broken) {
        // The encoder's own error says more than its pipe's.
        return discard(
          await encoder.ended.then(
            () => broken,
            (error: Error) => error,
          ),
        );
      }
    },
    async finish() {
      try {
        encoder.finish();
        await encoder.ended;
        await settle(partial, path);
      } catch (error) {
        return discard(error);
      }
      return { path, frames: count };
    },
    async abort() {
      await discard(null).catch(() => undefined);
    },
  };
}

/**
 * Pictures in flight inside the encoder are most of its memory: planar 1080p takes 170 MiB instead of 280, and the file
 * is no larger. Threads that share a picture hold fewer of them than threads with one each.
 */
const FRUGAL = ['-threads', '2', '-x264-params', 'rc-lookahead=3:sync-lookahead=0:bframes=1:sliced-threads=1'];

function outputOptions({
  width,
  height,
  pixelFormat,
  sound,
  metadata = {},
  quality = 18,
  effort = 'veryfast',
}: VideoOptions): string[] {
  const even = `crop=${width - (width % 2)}:${height - (height % 2)}:0:0`;
  const colours = 'scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_inp,format=yuv420p';
  const tags = 'setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv';
  const audio = sound
    ? ['-map', `1:${sound.track.index}`, '-af', soundFilter(sound), '-c:a', 'aac', '-b:a', '192k']
    : [];
  return [
    '-map',
    '0:v:0',
    '-vf',
    pixelFormat === 'yuv420p' ? tags : `${even},${colours},${tags}`,
    '-c:v',
    'libx264',
    '-preset',
    effort,
    '-crf',
    String(quality),
    ...FRUGAL,
    ...audio,
    // The source's own tags stay out: what is exported says only what the caller says.
    '-map_metadata',
    '-1',
    '-map_chapters',
    '-1',
    ...Object.entries(metadata).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]),
    '-movflags',
    '+faststart+use_metadata_tags',
    '-f',
    'mp4',
  ];
}

function soundFilter({ track, start = 0, seconds }: NonNullable<VideoOptions['sound']>): string {
  const length = seconds.toFixed(6);
  return [
    ...inStep(track),
    `atrim=start=${start.toFixed(6)}`,
    'asetpts=PTS-STARTPTS',
    `apad=whole_dur=${length}`,
    `atrim=duration=${length}`,
  ].join(',');
}
