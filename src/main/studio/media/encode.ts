import { rm } from 'node:fs/promises';
import type { FilmFormat, Quality } from '../../../shared/domain/film/index.ts';
import { rateFraction } from '../../../shared/domain/frame-rate.ts';
import { partialBeside, settle } from '../ground/settle.ts';
import { feedFfmpeg } from './command.ts';
import { codingOf } from './encoders.ts';
import { type PixelFormat, pictureBytes } from './frames.ts';
import { mark } from './marks.ts';
import { openSequence } from './sequence.ts';
import { soundFilter, type SoundPart, taggedWith } from './sound-file.ts';
import type { MediaTools } from './tools.ts';

export interface VideoOptions {
  /** Where the finished file goes; a file already there is replaced only once the new one is whole. */
  readonly path: string;
  /** MP4 with H.264 by default; one with pictures. */
  readonly format?: FilmFormat;
  /** Size of the frames written; where the format is 4:2:0, an odd last column or row is left out of the file. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Of the frames written; `yuv420p` is taken as BT.709, limited range. */
  readonly pixelFormat?: PixelFormat;
  /** The frames are straight RGBA, and the file has their alpha. */
  readonly alpha?: boolean;
  /** A sound of any file; exactly `seconds` of it from `start` on, padded with silence if it is shorter. */
  readonly sound?: SoundPart;
  /** A filter that draws over the pictures, as ffmpeg has it. */
  readonly over?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly quality?: Quality;
  /** What is still done to the whole file, last, before it gets its name. */
  readonly seal?: ((partial: string) => Promise<void>) | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Takes frames, makes a film; an MP4 of H.264 yuv420p (BT.709, tagged) and AAC, with the index in front, unless another
 * format is asked for.
 */
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

export function openVideoSink(tools: MediaTools, options: VideoOptions): VideoSink {
  const { path, width, height, pixelFormat = 'rgb24', format = 'mp4', metadata = {} } = options;
  const partial = partialBeside(path);
  const frameBytes = pictureBytes(width, height, pixelFormat);
  const { alpha = false, quality = 'good' } = options;
  const coding = codingOf({ format, quality, pixelFormat, width, height, alpha });
  const sound = coding.sound.length > 0 ? options.sound : undefined;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const sequence = format === 'png' ? openSequence(tools, { ...options, metadata, partial, signal }) : undefined;
  const encoder = feedFfmpeg(tools, {
    inputs: [
      { file: null, options: rawPictures(pixelFormat, width, height, options.fps) },
      ...(sound ? [{ file: sound.path }] : []),
    ],
    options: [
      '-map',
      '0:v:0',
      '-vf',
      options.over === undefined ? coding.filter : `${options.over},${coding.filter}`,
      ...coding.picture,
      ...(sound ? ['-map', `1:${sound.track.index}`, '-af', soundFilter(sound), ...coding.sound] : []),
      ...taggedWith(metadata),
      ...coding.file,
    ],
    target: sequence?.pattern ?? partial,
    role: 'output',
    signal,
  });
  let count = 0;
  encoder.ended.catch(() => undefined); // said by the next write, or at the end

  async function discard(error: unknown): Promise<never> {
    stop.abort();
    await encoder.ended.catch(() => undefined);
    await rm(partial, { force: true });
    await sequence?.discard();
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
        await sequence?.pack();
        await mark(partial, format, metadata);
        await options.seal?.(partial);
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

function rawPictures(format: PixelFormat, width: number, height: number, fps: number): string[] {
  const size = ['-s', `${width}x${height}`, '-framerate', rateFraction(fps)];
  return ['-f', 'rawvideo', '-pix_fmt', format, ...size];
}
