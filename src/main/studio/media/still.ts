import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { requireFile } from '../ground/require-file.ts';
import { plainStill, type StillFormat } from './arguments.ts';
import { ffmpegOutput } from './command.ts';
import { readProgram } from './program.ts';
import { middleOf, type Sides } from './middle.ts';
import type { MediaTools } from './tools.ts';

/** A decoder holds all of it: 8192x8192 is 256 MB of RGBA. */
const MOST_PIXELS = 2 ** 26;
const LOOK_MS = 20_000;

export interface Still {
  readonly path: string;
  readonly format: StillFormat;
  readonly width: number;
  readonly height: number;
}

const Looked = z.object({
  streams: z.tuple([
    z.object({
      width: z.int().positive(),
      height: z.int().positive(),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
    }),
  ]),
});

/**
 * The picture that a file is, as it is displayed; null where it is none. Raises RangeError for one that moves, that is
 * damaged, or that is too large, and StudioError('not-found').
 */
export async function lookAtStill(tools: MediaTools, path: string): Promise<Still | null> {
  const format = formatOf(await headOf(path));
  if (!format) return null;
  if (format === 'moving') throw new RangeError('A WebP that moves is not read.');
  const entries = 'stream=width,height:stream_side_data=rotation';
  const { ending, output } = await readProgram(
    tools.ffprobe,
    ['-v', 'error', ...plainStill(format), '-show_entries', entries, '-of', 'json', resolve(path)],
    AbortSignal.timeout(LOOK_MS),
  );
  const looked = ending.kind === 'exited' && ending.code === 0 ? Looked.safeParse(JSON.parse(output)) : undefined;
  if (!looked?.success) throw new RangeError('This picture is damaged, or too large.');
  const { width, height, side_data_list: beside } = looked.data.streams[0];
  if (width * height > MOST_PIXELS) throw new RangeError(`${width}x${height} pixels are too many.`);
  const turned = (beside ?? []).some(({ rotation = 0 }) => Math.abs(rotation) % 180 === 90);
  return turned ? { path, format, width: height, height: width } : { path, format, width, height };
}

const HEAD_BYTES = 24;
/** Of a WebP's flags: it moves. */
const ANIMATED = 0x02;

async function headOf(path: string): Promise<Buffer> {
  await requireFile(path);
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function formatOf(head: Buffer): StillFormat | 'moving' | undefined {
  const text = head.toString('latin1');
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg_pipe';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png_pipe';
  if (text.startsWith('BM')) return 'bmp_pipe';
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'tiff_pipe';
  const webp = text.startsWith('RIFF') && text.startsWith('WEBP', 8);
  const moves = text.startsWith('VP8X', 12) && (head[20]! & ANIMATED) !== 0;
  if (!webp) return undefined;
  return moves ? 'moving' : 'webp_pipe';
}

/**
 * RGBA [height,width,4] of a picture that covers all of a size, its middle in the middle; straight alpha. Raises
 * StudioError('bad-video' | 'cancelled') or RangeError for one that is damaged.
 */
export async function readStill(
  tools: MediaTools,
  still: Still,
  { width, height }: Sides,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { path, format } = still;
  const scale = `scale=${width}:${height}:flags=area+accurate_rnd+full_chroma_int,setsar=1,format=rgba`;
  const pixels = new Uint8Array(width * height * 4);
  let filled = 0;
  for await (const chunk of ffmpegOutput(tools, {
    inputs: [{ file: path, still: format, options: ['-threads', '1'] }],
    options: [
      '-map',
      '0:v:0',
      '-vf',
      `${middleOf(still, { width, height })},${scale}`,
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
    ],
    role: 'video',
    signal,
  })) {
    pixels.set(chunk.subarray(0, pixels.length - filled), filled);
    filled += chunk.length;
  }
  if (filled < pixels.length) throw new RangeError('The picture ends too early.');
  return pixels;
}
