import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ffmpeg, numberedClip, numberIn, scratchFolder, tools, type ClipOptions } from './clips.fixture.ts';
import { type Frame, probeVideo, readFrame, readFrames } from './index.ts';

const folder = await scratchFolder();
afterAll(() => rm(folder, { recursive: true }));

/** Every other frame of a stretch is dropped and times are kept: a variable rate. */
const VARIABLE = "select='not(between(n\\,30\\,60)*mod(n\\,2))'";
const kinds: [string, string, ClipOptions & { numbers?: (n: number) => boolean }][] = [
  ['H.264 with B-frames', 'h264.mp4', {}],
  [
    'H.264 without a key frame after the first',
    'long.mkv',
    { codec: ['-c:v', 'libx264', '-g', '999', '-pix_fmt', 'yuv420p'] },
  ],
  [
    '10-bit HEVC of an odd size',
    'hevc10.mp4',
    {
      width: 161,
      height: 97,
      codec: ['-c:v', 'libx265', '-x265-params', 'log-level=none:keyint=20', '-pix_fmt', 'yuv444p10le'],
    },
  ],
  [
    'VP9 in WebM at 29.97',
    'vp9.webm',
    {
      fps: '30000/1001',
      codec: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30', '-pix_fmt', 'yuv420p'],
    },
  ],
  ['MPEG-4 in AVI', 'mpeg4.avi', { codec: ['-c:v', 'mpeg4', '-bf', '2', '-q:v', '2'] }],
  [
    'a variable rate',
    'variable.mp4',
    {
      filters: VARIABLE,
      codec: ['-c:v', 'libx264', '-fps_mode', 'vfr', '-pix_fmt', 'yuv420p'],
      numbers: (n) => !(n >= 30 && n <= 60 && n % 2 === 1),
    },
  ],
];

describe.each(kinds)('%s', (_, file, { numbers = () => true, ...options }) => {
  it('gives every frame once, in order, and any frame by its number', async () => {
    const path = await numberedClip(join(folder, file), options);
    const video = await probeVideo(tools, path);
    const expected = Array.from({ length: video.source.frames * 2 }, (_, n) => n)
      .filter(numbers)
      .slice(0, video.source.frames);
    const seen: number[] = [];
    for await (const frame of readFrames(tools, video, { size: { width: 160, height: 96 } }))
      seen.push(numberIn(frame));
    expect(seen).toEqual(expected);
    for (const number of [0, 1, 47, 48, 49, 74, video.source.frames - 1]) {
      const frame = await readFrame(tools, video, number, { size: { width: 80, height: 48 } });
      expect([frame.number, numberIn(frame)]).toEqual([number, expected[number]]);
    }
  });
});

describe('frames', () => {
  it('that an edit list hides are neither counted nor read', async () => {
    // Cut without re-encoding at 0.6 s: the file starts at the key frame of 0 s and hides 15 frames.
    await ffmpeg('-ss', '0.6', '-i', join(folder, 'h264.mp4'), '-c', 'copy', join(folder, 'edited.mp4'));
    const video = await probeVideo(tools, join(folder, 'edited.mp4'));
    expect(video.source.frames).toBe(85);
    expect(numberIn(await readFrame(tools, video, 0))).toBe(15);
    expect(numberIn(await readFrame(tools, video, 60))).toBe(75);
    let read = 0;
    for await (const frame of readFrames(tools, video)) read += Number(numberIn(frame) === frame.number + 15);
    expect(read).toBe(85);
  });

  it('carry their source times through a variable rate', async () => {
    const video = await probeVideo(tools, join(folder, 'variable.mp4'));
    expect(video.source.variableFrameRate).toBe(true);
    const frame = await readFrame(tools, video, 31);
    expect(frame.time).toBeCloseTo(numberIn(frame) / 25, 3);
  });

  it('are RGBA when asked, and stop where told', async () => {
    const video = await probeVideo(tools, join(folder, 'h264.mp4'));
    const frames: Frame[] = [];
    for await (const frame of readFrames(tools, video, { start: 60, stop: 63, pixelFormat: 'rgba' }))
      frames.push(frame);
    expect(frames.map((frame) => frame.number)).toEqual([60, 61, 62]);
    expect(frames[0]!.pixels.length).toBe(160 * 96 * 4);
    expect(frames[0]!.pixels[3]).toBe(255);
  });

  it('stop being decoded when the reader leaves or is told to stop', async () => {
    const video = await probeVideo(tools, join(folder, 'h264.mp4'));
    for await (const _ of readFrames(tools, video)) break;
    const stop = new AbortController();
    await expect(async () => {
      for await (const _ of readFrames(tools, video, { signal: stop.signal })) stop.abort();
    }).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('that do not exist are named as such', async () => {
    const video = await probeVideo(tools, join(folder, 'h264.mp4'));
    await expect(readFrame(tools, video, 100)).rejects.toMatchObject({ code: 'not-found' });
  });
});
