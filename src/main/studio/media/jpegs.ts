import { ffmpegOutput } from './command.ts';
import { badVideo } from './failure.ts';
import type { ProbedVideo } from './probe.ts';
import { splitJpegs } from './split-jpegs.ts';
import type { MediaTools } from './tools.ts';

export interface JpegRequest {
  readonly size: { readonly width: number; readonly height: number };
  /** ffmpeg's quantiser scale: 2 is the finest, 31 the coarsest. */
  readonly quality: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every stored frame once as a JPEG, in display order: picture k is frame k of `readFrames`. One pass over the video.
 * Raises StudioError('bad-video' | 'cancelled'). Leaving the loop early stops the decoder.
 */
export async function* readJpegs(
  tools: MediaTools,
  video: ProbedVideo,
  { size, quality, signal }: JpegRequest,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoded = ffmpegOutput(tools, {
    inputs: [{ file: video.path }],
    options: [
      '-map',
      `0:${video.picture}`,
      '-fps_mode',
      'passthrough',
      '-frames:v',
      String(video.source.frames),
      // A JPEG is BT.601 at full range, whatever the source is.
      '-vf',
      [
        ...[...video.reading.fields, ...video.reading.colours].map((filter) => `${filter},`),
        `scale=${size.width}:${size.height}:out_color_matrix=bt601:out_range=pc`,
        ':flags=area+accurate_rnd+full_chroma_int,setsar=1,format=yuvj420p',
      ].join(''),
      '-c:v',
      'mjpeg',
      '-q:v',
      String(quality),
      '-f',
      'mjpeg',
    ],
    role: 'video',
    signal,
  });
  let some = false;
  for await (const jpeg of splitJpegs(encoded)) {
    some = true;
    yield jpeg;
  }
  if (!some) throw badVideo('No frame of this video can be decoded.');
}
