import { StudioError } from '../../../shared/contract/index.ts';
import { type Background, rgbOf } from '../../../shared/domain/film/index.ts';
import {
  type Frame,
  lookAtStill,
  type MediaTools,
  probeVideo,
  type ProbedVideo,
  readFrames,
  readStill,
} from '../media/index.ts';
import type { PictureSize } from './source-pictures.ts';

/** What is behind a portrait's pictures, which ask for theirs one after the other. */
export interface Backdrop {
  /** Opaque RGBA into `pixels` [height,width,4], for a picture that is shown so many seconds after the film's begin. */
  fill(pixels: Uint8Array, seconds: number): Promise<void>;
  close(): Promise<void>;
}

type Given = Extract<Background, { kind: 'colour' | 'file' }>;

/**
 * A colour, or a picture or video of somebody's that covers all of the picture, its middle in the middle. A video is
 * repeated. Raises StudioError('not-found' | 'bad-video' | 'cancelled').
 */
export async function openBackdrop(
  tools: MediaTools,
  background: Given,
  size: PictureSize,
  signal?: AbortSignal,
): Promise<Backdrop> {
  if (background.kind === 'colour') return still(coloured(background.colour, size));
  const { path } = background;
  try {
    const picture = await lookAtStill(tools, path);
    if (picture) return still(opaque(await readStill(tools, picture, size, signal)));
    return repeated(tools, await probeVideo(tools, path), size, signal);
  } catch (error) {
    throw asBackground(error);
  }
}

function still(picture: Uint8Array): Backdrop {
  return { fill: async (pixels) => pixels.set(picture), close: async () => undefined };
}

function coloured(colour: string, { width, height }: PictureSize): Uint8Array {
  const [r, g, b] = rgbOf(colour);
  const word = new Uint32Array(Uint8Array.of(r, g, b, 255).buffer)[0]!;
  return new Uint8Array(new Uint32Array(width * height).fill(word).buffer);
}

/** A video's frames by their own times, over and over. */
function repeated(tools: MediaTools, video: ProbedVideo, size: PictureSize, signal?: AbortSignal): Backdrop {
  const { duration } = video.source;
  const spare: Uint8Array[] = [];
  let frames: AsyncGenerator<Frame, void, undefined> | undefined;
  let shown: Frame | undefined;
  const rowAt = (seconds: number): number => {
    const next = video.times.findIndex((time) => time > seconds + HALF_MILLISECOND);
    return next === -1 ? video.times.length - 1 : Math.max(0, next - 1);
  };
  const bring = async (row: number): Promise<void> => {
    if (!frames || (shown && shown.number > row)) {
      await frames?.return();
      const wish = { start: row, size, covered: true, pixelFormat: 'rgba', spare } as const;
      frames = readFrames(tools, video, signal ? { ...wish, signal } : wish);
      shown = undefined;
    }
    while (!shown || shown.number < row) {
      const { value } = await frames.next();
      if (!value) throw new RangeError(`Frame ${row} could not be decoded.`);
      if (shown) spare.push(shown.pixels);
      shown = value;
    }
  };
  return {
    async fill(pixels, seconds) {
      try {
        await bring(rowAt(seconds % duration));
      } catch (error) {
        throw asBackground(error);
      }
      pixels.set(shown!.pixels);
    },
    close: async () => void (await frames?.return()),
  };
}

/** Frames' times are not always whole microseconds. */
const HALF_MILLISECOND = 0.0005;

/** Over black, where something shines through. */
function opaque(pixels: Uint8Array): Uint8Array {
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3]!;
    if (alpha === 255) continue;
    for (let k = at; k < at + 3; k++) pixels[k] = Math.round((pixels[k]! * alpha) / 255);
    pixels[at + 3] = 255;
  }
  return pixels;
}

function asBackground(error: unknown): unknown {
  if (error instanceof RangeError) return unusable(error.message);
  if (!(error instanceof StudioError) || error.code !== 'bad-video') return error;
  return unusable(error.message, error.detail);
}

function unusable(why: string, detail?: string): StudioError {
  return new StudioError({
    code: 'bad-video',
    message: `This background cannot be used: ${why}`,
    hint: 'Choose a picture (JPEG, PNG, WebP, BMP, TIFF), or a video such as MP4.',
    detail,
  });
}
