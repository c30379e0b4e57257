import { ffmpegOutput, RawInput } from './command.ts';
import { type Frame, readFrame, readFrames } from './frames.ts';
import type { ProbedVideo } from './probe.ts';
import type { MediaTools } from './tools.ts';

/** `count` small frames spread evenly over the video, first and last included, `height` pixels high. */
export async function* filmstrip(
  tools: MediaTools,
  video: ProbedVideo,
  count: number,
  height: number,
  signal?: AbortSignal,
): AsyncGenerator<Frame, void, undefined> {
  const { frames } = video.source;
  const wanted = new Set(
    Array.from({ length: count }, (_, i) => Math.round((i * (frames - 1)) / Math.max(1, count - 1))),
  );
  const size = thumbnailSize(video, height);
  // One pass over a short clip is cheaper than a decoder for each picture.
  if (frames <= count * 50) {
    for await (const frame of readFrames(tools, video, { size, signal })) if (wanted.has(frame.number)) yield frame;
    return;
  }
  for (const number of wanted) yield await readFrame(tools, video, number, { size, signal });
}

/** A JPEG of one frame. */
export async function thumbnail(
  tools: MediaTools,
  video: ProbedVideo,
  number: number,
  height: number,
): Promise<Uint8Array> {
  const frame = await readFrame(tools, video, number, { size: thumbnailSize(video, height) });
  const source = new RawInput();
  source.send(frame.pixels).then(
    () => source.finish(),
    () => undefined,
  ); // the encoder's own error says more than its pipe's
  const jpeg = ffmpegOutput(tools, {
    inputs: [{ source, options: ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${frame.width}x${frame.height}`] }],
    options: ['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '4', '-f', 'mjpeg'],
    role: 'video',
  });
  const chunks: Buffer[] = [];
  for await (const chunk of jpeg) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function thumbnailSize({ source }: ProbedVideo, height: number): { width: number; height: number } {
  return { width: Math.max(1, Math.round((source.width * height) / source.height)), height };
}
