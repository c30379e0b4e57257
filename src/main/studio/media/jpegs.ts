import { ffmpegOutput } from './command.ts';
import { badVideo } from './failure.ts';
import type { ProbedVideo } from './probe.ts';
import { type Way, waysTo } from './seek.ts';
import { splitJpegs } from './split-jpegs.ts';
import type { MediaTools } from './tools.ts';

export interface JpegRequest {
  readonly size: { readonly width: number; readonly height: number };
  /** ffmpeg's quantiser scale: 2 is the finest, 31 the coarsest. */
  readonly quality: number;
  /** Only this one. */
  readonly frame?: number;
  readonly signal?: AbortSignal | undefined;
}

const FROM_THE_BEGINNING: Way = { before: [], select: [] };

/**
 * Every stored frame once as a JPEG, in display order: picture k is frame k of `readFrames`. One pass over the video.
 * Raises StudioError('bad-video' | 'cancelled'). Leaving the loop early stops the decoder.
 */
export async function* readJpegs(
  tools: MediaTools,
  video: ProbedVideo,
  { size, quality, frame, signal }: JpegRequest,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { fields, colours } = video.reading;
  const lead = Math.min(frame ?? 0, video.reading.lead); // whole pictures of fields are made with those before
  for (const way of frame === undefined ? [FROM_THE_BEGINNING] : waysTo(video, frame - lead)) {
    const encoded = ffmpegOutput(tools, {
      inputs: [{ file: video.path, options: way.before }],
      options: [
        '-map',
        `0:${video.picture}`,
        '-fps_mode',
        'passthrough',
        '-frames:v',
        String(frame === undefined ? video.source.frames : 1),
        '-vf',
        [
          ...way.select,
          ...fields,
          ...(lead > 0 ? [`select=gte(n\\,${lead})`] : []),
          ...colours,
          // A JPEG is BT.601 at full range, whatever the source is.
          `scale=${size.width}:${size.height}:out_color_matrix=bt601:out_range=pc` +
            ':flags=area+accurate_rnd+full_chroma_int',
          'setsar=1',
          'format=yuvj420p',
        ].join(','),
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
    if (some) return;
  }
  throw badVideo('No frame of this video can be decoded.');
}
