import { StudioError } from '../../../shared/contract/index.ts';
import { ffmpegOutput } from './command.ts';
import { badVideo } from './failure.ts';
import { middleOf, type Sides } from './middle.ts';
import type { ProbedVideo } from './probe.ts';
import { waysTo } from './seek.ts';
import type { MediaTools } from './tools.ts';

/** One picture as displayed: rotation applied, pixels square, rows from the top. */
export interface Frame {
  /** Number in the source, from 0. */
  readonly number: number;
  /** Presentation time in the source, seconds. */
  readonly time: number;
  readonly width: number;
  readonly height: number;
  /** RGB or RGBA, 8 bits each, full range; or the planes Y, U, V of `yuv420p`: BT.709, limited range. */
  readonly pixels: Uint8Array;
}

export type PixelFormat = 'rgb24' | 'rgba' | 'yuv420p';

/** Of one picture; of `yuv420p` both sides are even. */
export function pictureBytes(width: number, height: number, format: PixelFormat): number {
  return width * height * { rgb24: 3, rgba: 4, yuv420p: 1.5 }[format];
}

export interface FrameRequest {
  /** First frame wanted; 0 by default. */
  readonly start?: number;
  /** First frame not wanted any more; the end by default. */
  readonly stop?: number;
  readonly size?: Sides;
  /** The size is covered by the picture, its middle in the middle, and has not its shape. */
  readonly covered?: boolean;
  /** `yuv420p` leaves an odd last column or row out. */
  readonly pixelFormat?: PixelFormat;
  /** Buffers to fill before new ones are made; those taken leave the list. */
  readonly spare?: Uint8Array[];
  readonly signal?: AbortSignal;
}

/**
 * Every stored frame once, in display order, at the source's own timing: none doubled or dropped to fit a rate.
 * Colours and fields are read as `video.reading` says, by the trainer too.
 * Raises StudioError('bad-video' | 'cancelled'). Leaving the loop early stops the decoder.
 */
export async function* readFrames(
  tools: MediaTools,
  video: ProbedVideo,
  request: FrameRequest = {},
): AsyncGenerator<Frame, void, undefined> {
  const { start = 0, stop = video.source.frames, pixelFormat = 'rgb24', signal, spare = [] } = request;
  const scaled = request.size ?? video.source;
  const odd = pixelFormat === 'yuv420p' ? 1 : 0;
  const width = scaled.width - (scaled.width & odd);
  const height = scaled.height - (scaled.height & odd);
  if (start >= Math.min(stop, video.source.frames)) return;
  const count = Math.min(stop, video.source.frames) - start;
  const part = request.covered ? [middleOf(video.source, { width, height })] : [];
  const from = Math.max(0, start - video.reading.lead); // whole pictures of fields are made with those before
  let number = start;
  for (const way of waysTo(video, from)) {
    const decoded = ffmpegOutput(tools, {
      // One thread decodes faster than anything here consumes, and each more holds pictures: 40 MB at 1080p.
      inputs: [{ file: video.path, options: ['-threads', '1', ...way.before] }],
      options: [
        '-map',
        `0:${video.picture}`,
        '-fps_mode',
        'passthrough',
        '-vf',
        [...way.select, ...filters(video, { lead: start - from, part }, scaled, pixelFormat)].join(','),
        '-frames:v',
        String(count),
        ...tools.abilities.shortQueue,
        '-f',
        'rawvideo',
      ],
      role: 'video',
      signal,
    });
    for await (const pixels of wholeFrames(decoded, pictureBytes(width, height, pixelFormat), spare)) {
      yield { number, time: video.times[number]!, width, height, pixels };
      number += 1;
    }
    if (number > start) return;
  }
  throw badVideo('No frame of this video can be decoded.');
}

/** A single frame by its number. Raises StudioError('not-found' | 'bad-video' | 'cancelled'). */
export async function readFrame(
  tools: MediaTools,
  video: ProbedVideo,
  number: number,
  request: Omit<FrameRequest, 'start' | 'stop'> = {},
): Promise<Frame> {
  for await (const frame of readFrames(tools, video, { ...request, start: number, stop: number + 1 })) return frame;
  throw new StudioError({
    code: 'not-found',
    message: `There is no frame ${number} in this video.`,
    hint: `It has frames 0 to ${video.source.frames - 1}.`,
  });
}

/** `lead`: so many frames are decoded before the wanted one, for what is made of fields; `part` is cut out. */
function filters(
  { reading: { fields, colours } }: ProbedVideo,
  { lead, part }: { readonly lead: number; readonly part: readonly string[] },
  { width, height }: Sides,
  pixelFormat: PixelFormat,
): readonly string[] {
  // The trainer reads frames with the same flags: both must see the same pixels. Without full_chroma_int, swscale's
  // result is 2 levels too dark (white comes out as 253) and an untouched copy loses 10 dB.
  const planar = pixelFormat === 'yuv420p';
  const named = planar ? 'out_color_matrix=bt709:out_range=tv:' : '';
  const even = planar ? [`crop=${width - (width % 2)}:${height - (height % 2)}:0:0`] : [];
  return [
    ...fields,
    ...(lead > 0 ? [`select=gte(n\\,${lead})`] : []),
    ...part,
    ...colours,
    `scale=${width}:${height}:${named}flags=area+accurate_rnd+full_chroma_int`,
    'setsar=1',
    `format=${pixelFormat}`,
    ...even,
  ];
}

/** Cuts a stream of bytes into pictures, each in a buffer of its own, of `spare` while it lasts. */
async function* wholeFrames(
  stream: AsyncIterable<Buffer>,
  bytes: number,
  spare: Uint8Array[],
): AsyncGenerator<Uint8Array, void, undefined> {
  let frame: Uint8Array | undefined;
  let filled = 0;
  for await (const chunk of stream) {
    for (let position = 0; position < chunk.length;) {
      const part = chunk.subarray(position, position + bytes - filled);
      if (frame?.length !== bytes) frame = spare.pop();
      if (frame?.length !== bytes) frame = new Uint8Array(bytes);
      frame.set(part, filled);
      filled += part.length;
      position += part.length;
      if (filled === bytes) {
        yield frame;
        frame = undefined;
        filled = 0;
      }
    }
  }
}
