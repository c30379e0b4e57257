import { readFile, rm, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { asFileError, partialBeside, settle } from '../ground/settle.ts';
import { feedFfmpeg } from './command.ts';
import type { Frame, PixelFormat } from './frames.ts';
import type { MediaTools } from './tools.ts';

export interface PngOptions {
  /** A file already there is replaced only once the new one is whole. */
  readonly path: string;
  readonly picture: Pick<Frame, 'width' | 'height' | 'pixels'>;
  /** Of the picture; `yuv420p` is BT.709, limited range. */
  readonly pixelFormat: PixelFormat;
  /** The picture is straight RGBA, and the file has its alpha. */
  readonly alpha?: boolean;
  /** What the file says of itself, by keyword: 1 to 79 Latin characters each. */
  readonly texts: Readonly<Record<string, string>>;
  /** What is still done to the whole file, last, before it gets its name. */
  readonly seal?: ((partial: string) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Writes one picture as PNG, RGB or RGBA with 8 bits each. Raises StudioError as `openVideoSink` does. */
export async function writePng(tools: MediaTools, options: PngOptions): Promise<void> {
  const { path, picture, pixelFormat, texts, signal, alpha = false } = options;
  const partial = partialBeside(path);
  try {
    const encoder = feedFfmpeg(tools, {
      inputs: [
        {
          file: null,
          options: ['-f', 'rawvideo', '-pix_fmt', pixelFormat, '-s', `${picture.width}x${picture.height}`],
        },
      ],
      options: ['-vf', colours(pixelFormat, alpha), '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe'],
      target: partial,
      role: 'output',
      signal,
    });
    // ffmpeg's own error says more than its pipe's.
    encoder.send(picture.pixels).catch(() => undefined);
    encoder.finish();
    await encoder.ended;
    await writeFile(partial, withTexts(await readFile(partial), texts));
    await options.seal?.(partial);
    await settle(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw asFileError(error);
  }
}

function colours(format: PixelFormat, alpha: boolean): string {
  const from = format === 'yuv420p' ? 'in_color_matrix=bt709:in_range=tv:' : '';
  const to = alpha ? 'rgba' : 'rgb24';
  return `scale=${from}out_range=pc:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=${to}`;
}

/** The signature and the header's chunk, which comes first. */
const HEAD_BYTES = 8 + 25;

/** A PNG with international texts (PNG, 11.3.3.4) behind its header. */
export function withTexts(png: Uint8Array, texts: PngOptions['texts']): Uint8Array {
  const chunks = Object.entries(texts).map(([keyword, text]) =>
    // Neither compressed nor with a language or a translated keyword.
    chunk('iTXt', Buffer.concat([Buffer.from(keyword, 'latin1'), Buffer.alloc(5), Buffer.from(text, 'utf8')])),
  );
  return Buffer.concat([png.subarray(0, HEAD_BYTES), ...chunks, png.subarray(HEAD_BYTES)]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
