import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, numberedClip, numberIn, scratchFolder, tools } from './clips.fixture.ts';
import { type Frame, probeVideo, readFrame, readFrames, readJpegs } from './index.ts';
import { splitJpegs } from './split-jpegs.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
afterAll(() => rm(folder, { recursive: true }));

async function jpegsOf(name: string, size: { width: number; height: number }): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const jpeg of readJpegs(tools, await probeVideo(tools, at(name)), { size, quality: 3 })) all.push(jpeg);
  return all;
}

/** A JPEG as another program reads it: RGB. */
function decoded(jpeg: Uint8Array, { width, height }: { width: number; height: number }): Frame {
  const pixels = execFileSync(
    tools.ffmpeg,
    [
      '-v',
      'error',
      '-f',
      'mjpeg',
      '-i',
      'pipe:0',
      '-vf',
      'scale=flags=accurate_rnd+full_chroma_int',
      '-pix_fmt',
      'rgb24',
      '-f',
      'rawvideo',
      'pipe:1',
    ],
    { input: jpeg },
  );
  expect(pixels.length).toBe(width * height * 3);
  return { number: 0, time: 0, width, height, pixels };
}

describe('a video as JPEG pictures', () => {
  beforeAll(async () => {
    await numberedClip(at('clip.mp4'), { seconds: 2 });
    await numberedClip(at('hevc.mkv'), {
      seconds: 1,
      fps: '30000/1001',
      codec: ['-c:v', 'libx265', '-x265-params', 'log-level=none:bframes=4'],
    });
    // Every third frame is missing: times are uneven, and none may be filled in.
    await numberedClip(at('uneven.mp4'), { seconds: 2, filters: "select='mod(n,3)'" });
    await ffmpeg('-display_rotation', '90', '-i', at('clip.mp4'), '-c', 'copy', at('turned.mp4'));
  });

  it.each([
    ['clip.mp4', 50],
    ['hevc.mkv', 30],
  ])('has each frame of %s once, in the order they are shown', async (name, frames) => {
    const size = { width: 80, height: 48 };
    const jpegs = await jpegsOf(name, size);
    expect(jpegs.map((jpeg) => numberIn(decoded(jpeg, size)))).toEqual(Array.from({ length: frames }, (_, k) => k));
  });

  it('has one frame alone, wherever it lies', async () => {
    const size = { width: 80, height: 48 };
    const video = await probeVideo(tools, at('hevc.mkv'));
    const clip = await probeVideo(tools, at('clip.mp4'));
    for (const [film, frame] of [
      [video, 0],
      [video, 17],
      [clip, 49],
    ] as const) {
      const jpegs = await Array.fromAsync(readJpegs(tools, film, { size, quality: 3, frame }));
      expect(jpegs.map((jpeg) => numberIn(decoded(jpeg, size)))).toEqual([frame]);
    }
  });

  it('has the frames that are there and no others when time is uneven', async () => {
    const size = { width: 80, height: 48 };
    const numbers = (await jpegsOf('uneven.mp4', size)).map((jpeg) => numberIn(decoded(jpeg, size)));
    const expected: number[] = [];
    for await (const frame of readFrames(tools, await probeVideo(tools, at('uneven.mp4'))))
      expected.push(numberIn(frame));
    expect(numbers).toEqual(expected);
    expect(numbers).not.toContain(3);
  });

  it('is turned as the video is shown', async () => {
    const { source } = await probeVideo(tools, at('turned.mp4'));
    expect([source.width, source.height]).toEqual([96, 160]);
    const jpeg = decoded((await jpegsOf('turned.mp4', source))[5]!, source);
    const columns = [0.25, 0.75].map(
      (x) => jpeg.pixels[(Math.round(0.97 * jpeg.height) * jpeg.width + Math.round(x * jpeg.width)) * 3]! > 127,
    );
    expect(columns[0]).toBe(columns[1]); // a block is a row across the whole picture now
  });

  it.each(['bt709', 'smpte170m'])('keeps the colours of %s', async (matrix) => {
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'color=0xd03050:s=64x64:r=25:d=0.2',
      '-vf',
      `scale=out_color_matrix=${matrix}:out_range=tv,format=yuv420p`,
      '-colorspace',
      matrix,
      '-color_range',
      'tv',
      at('red.mp4'),
    );
    const size = { width: 64, height: 64 };
    const shown = decoded((await jpegsOf('red.mp4', size))[0]!, size);
    const own = await readFrame(tools, await probeVideo(tools, at('red.mp4')), 0);
    for (const channel of [0, 1, 2])
      expect(Math.abs(shown.pixels[3000 + channel]! - own.pixels[3000 + channel]!)).toBeLessThanOrEqual(3);
  });

  it('that cannot be decoded says so', async () => {
    const video = await probeVideo(tools, at('clip.mp4'));
    await writeFile(at('noise.mp4'), Buffer.alloc(5000, 7));
    const reading = (async () => {
      for await (const jpeg of readJpegs(
        tools,
        { ...video, path: at('noise.mp4') },
        { size: { width: 8, height: 8 }, quality: 3 },
      ))
        expect(jpeg).toBeNull();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'bad-video' });
  });
});

describe('a stream of JPEGs', () => {
  // Start, a comment that holds the bytes of an end, a scan with a stuffed 0xFF and a restart, another scan, the end.
  const tricky = Uint8Array.of(
    0xff,
    0xd8,
    0xff,
    0xfe,
    0,
    6,
    0xff,
    0xd9,
    0xff,
    0xd8,
    0xff,
    0xda,
    0,
    3,
    1,
    0xff,
    0x00,
    9,
    0xff,
    0xd3,
    0xff,
    0xda,
    0,
    2,
    5,
    0xff,
    0xd9,
  );
  const small = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
  async function cut(bytes: Uint8Array, pieces: number): Promise<number[][]> {
    const found: number[][] = [];
    async function* stream(): AsyncGenerator<Uint8Array> {
      for (let k = 0; k < bytes.length; k += pieces) yield bytes.subarray(k, k + pieces);
    }
    for await (const jpeg of splitJpegs(stream())) found.push([...jpeg]);
    return found;
  }

  it.each([1, 2, 3, 7, 1000])('is cut where pictures end, in pieces of %i bytes', async (pieces) => {
    expect(await cut(Uint8Array.of(...tricky, ...small, ...tricky), pieces)).toEqual([
      [...tricky],
      [...small],
      [...tricky],
    ]);
  });

  it('that is cut short, or something else, is refused', async () => {
    await expect(cut(tricky.subarray(0, -1), 4)).rejects.toThrow('cut short');
    await expect(cut(Uint8Array.of(...small, 1, 2, 3), 4)).rejects.toThrow(RangeError);
    expect(await cut(new Uint8Array(0), 4)).toEqual([]);
  });
});
