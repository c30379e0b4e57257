/** Colours and fields of every kind of source come out as they were before they were put into it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'jpeg-js';
import { afterAll, describe, expect, it } from 'vitest';
import { ffmpeg, scratchFolder, tools } from './clips.fixture.ts';
import { type Frame, probeVideo, readFrame, readFrames, readJpegs } from './index.ts';

const folder = await scratchFolder();
afterAll(() => rm(folder, { recursive: true }));

/** Of white, grey, and skins and clothes of all kinds; sRGB. */
const PATCHES = [0xffffff, 0x808080, 0xe0b098, 0x7a4a33, 0x2a3f8f, 0xb02030, 0x2f8f40, 0x101010];
const SIDE = 32;

/** The patches in a row, as ffmpeg draws them without converting anything. */
function drawing(patches: readonly number[], width = patches.length * SIDE, height = SIDE * 2): string {
  const channel = (shift: number) =>
    patches.reduceRight(
      (rest, colour, k) => `if(lt(X\\,${((k + 1) * width) / patches.length})\\,${(colour >> shift) & 255}\\,${rest})`,
      '0',
    );
  const painted = `geq=r='${channel(16)}':g='${channel(8)}':b='${channel(0)}'`;
  return `color=black:s=${width}x${height}:r=25:d=0.2,format=gbrp,${painted}`;
}

async function drawn(name: string, filters: string, tags: readonly string[], codec = 'ffv1'): Promise<string> {
  const path = join(folder, name);
  await ffmpeg('-f', 'lavfi', '-i', `${drawing(PATCHES)},${filters}`, '-c:v', codec, ...tags, path);
  return path;
}

const tagged = (matrix: string, primaries: string, transfer: string, range: string) =>
  ['-colorspace', matrix, '-color_primaries', primaries, '-color_trc', transfer, '-color_range', range] as const;

/** The largest difference of a patch's middle from what was drawn, levels. */
function farthest({ pixels, width, height }: Frame): number {
  const differences = PATCHES.map((colour, k) => {
    const at = (Math.floor(height / 2) * width + Math.floor(((k + 0.5) * width) / PATCHES.length)) * 3;
    return Math.max(...[16, 8, 0].map((shift, channel) => Math.abs(pixels[at + channel]! - ((colour >> shift) & 255))));
  });
  return Math.max(...differences);
}

/** The same of what a dub gets: planes of BT.709 in limited range. */
function farthestLuma({ pixels, width, height }: Frame): number {
  const differences = PATCHES.map((colour, k) => {
    const luma = 0.2126 * (colour >> 16) + 0.7152 * ((colour >> 8) & 255) + 0.0722 * (colour & 255);
    const at = Math.floor(height / 2) * width + Math.floor(((k + 0.5) * width) / PATCHES.length);
    return Math.abs(pixels[at]! - (16 + (luma * 219) / 255));
  });
  return Math.max(...differences);
}

async function difference(path: string): Promise<number> {
  const video = await probeVideo(tools, path);
  const planes = await readFrame(tools, video, 1, { pixelFormat: 'yuv420p' });
  return Math.max(farthest(await readFrame(tools, video, 1)), farthestLuma(planes));
}

describe('SDR', () => {
  const kinds = ['smpte170m', 'bt709', 'bt2020nc'].flatMap((matrix) =>
    (['tv', 'pc'] as const).flatMap((range) =>
      (['yuv420p', 'yuv444p10le'] as const).map((pixels) => [matrix, range, pixels] as const),
    ),
  );
  it.each(kinds)('of %s, range %s, %s, has the colours that it was made of', async (matrix, range, pixels) => {
    const scaled = `scale=out_color_matrix=${matrix}:out_range=${range}:flags=accurate_rnd+full_chroma_int`;
    const filters = `${scaled},format=${pixels}`;
    const path = await drawn(`${matrix}-${range}-${pixels}.mkv`, filters, tagged(matrix, 'bt709', 'bt709', range));
    expect(await difference(path)).toBeLessThanOrEqual(2);
    const { colours } = (await probeVideo(tools, path)).source;
    expect(colours).toMatchObject({ matrix, range: range === 'pc' ? 'full' : 'limited' });
  });

  it.each([
    ['small', '128', 'bt601'],
    ['of 720 lines', '720', 'bt709'],
  ])('that says nothing, %s, is taken as players take it', async (_, lines, matrix) => {
    const filters = `scale=256:${lines}:out_color_matrix=${matrix}:flags=neighbor,format=yuv444p`;
    expect(await difference(await drawn(`untagged-${lines}.mkv`, filters, []))).toBeLessThanOrEqual(2);
  });

  it.each([
    ['ycgco', 'bt709', 'zscale=m=ycgco:r=limited'],
    ['bt709', 'log100', 'scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int'],
  ])('that the scaler refuses (%s, %s) has its colours', async (matrix, transfer, made) => {
    const path = await drawn(`${matrix}-${transfer}.mkv`, `${made},format=yuv444p`, [
      ...tagged(matrix, 'bt709', transfer, 'tv'),
    ]);
    expect(await difference(path)).toBeLessThanOrEqual(3);
  });

  it.each(['bt2020', 'smpte432'])('of the wide primaries %s is narrowed to BT.709', async (primaries) => {
    const widened = `zscale=p=${primaries}:t=bt709:m=bt709:r=limited,format=yuv444p10le`;
    const filters = `setparams=color_primaries=bt709:color_trc=bt709,${widened}`;
    const path = await drawn(`${primaries}.mkv`, filters, tagged('bt709', primaries, 'bt709', 'tv'));
    expect(await difference(path)).toBeLessThanOrEqual(3);
  });
});

describe('HDR', () => {
  const kinds = [
    ['arib-std-b67', 'HLG'],
    ['smpte2084', 'PQ'],
  ].flatMap(([transfer, name]) => [100, 203].map((white) => [name!, white, transfer!] as const));
  it.each(kinds)('(%s) with its white at %i nits comes back in BT.709', async (name, white, transfer) => {
    const linear = `setparams=color_primaries=bt709:color_trc=bt709,zscale=t=linear:npl=${white},format=gbrpf32le`;
    const filters = `${linear},zscale=p=bt2020:t=${transfer}:m=bt2020nc:r=limited:npl=${white},format=yuv420p10le`;
    const path = await drawn(`${name}-${white}.mkv`, filters, tagged('bt2020nc', 'bt2020', transfer, 'tv'));
    const { source } = await probeVideo(tools, path);
    expect(source).toMatchObject({ hdr: name, colours: { primaries: 'bt2020', transfer } });
    // White shares what is above the curve's knee with all that is brighter.
    expect(await difference(path)).toBeLessThanOrEqual(white === 100 ? 3 : 11);
  });

  it('has the same colours in the pictures of the window', async () => {
    const video = await probeVideo(tools, join(folder, 'HLG-100.mkv'));
    const { width, height } = video.source;
    const [jpeg] = await Array.fromAsync(readJpegs(tools, video, { size: { width, height }, quality: 2 }));
    const { data: pixels } = decode(jpeg!, { formatAsRGBA: false, useTArray: true });
    expect(farthest({ number: 0, time: 0, width, height, pixels })).toBeLessThanOrEqual(6);
  });

  it('keeps apart what is brighter than white', async () => {
    const linear = 'setparams=color_primaries=bt709:color_trc=bt709,zscale=t=linear,format=gbrpf32le';
    const lit = `${linear},zscale=p=bt2020:t=smpte2084:m=bt2020nc:r=limited:npl=800,format=yuv420p10le`;
    const path = await drawn('lights.mkv', lit, tagged('bt2020nc', 'bt2020', 'smpte2084', 'tv'));
    const { pixels, width } = await readFrame(tools, await probeVideo(tools, path), 1);
    const [white, grey] = [0, 1].map((k) => pixels[(SIDE * width + (k + 0.5) * SIDE) * 3]!);
    expect(white).toBeGreaterThan(250);
    expect(grey).toBeGreaterThan(190);
    expect(white! - grey!).toBeGreaterThan(15);
  });
});

describe('fields', () => {
  const MOVING = `color=gray:s=320x240:r=50:d=3,geq=lum='128+100*sin((X+N*5)/9)':cb=128:cr=128`;
  const WOVEN: [string, string, readonly string[]][] = [
    ['interlaced and says so', `${MOVING},tinterlace=interleave_top`, ['-flags', '+ildct+ilme']],
    ['interlaced and does not say so', `${MOVING},tinterlace=interleave_bottom,setfield=prog`, []],
    ['telecined', `${MOVING},telecine=pattern=23,setfield=prog`, []],
  ];
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8', '-g', '10', '-pix_fmt', 'yuv420p'];
  it.each(WOVEN)('of a video that is %s make whole pictures, the same by seeking', async (name, filters, flags) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.mp4`);
    await ffmpeg('-f', 'lavfi', '-i', filters, ...codec, ...flags, path);
    const video = await probeVideo(tools, path);
    expect(video.source.interlaced).toBe(true);
    const frames: Frame[] = [];
    for await (const frame of readFrames(tools, video)) frames.push(frame);
    expect(frames.length).toBe(video.source.frames);
    expect(Math.max(...frames.slice(2, -2).map(combing))).toBeLessThan(4);
    const woven = { ...video, reading: { ...video.reading, fields: [] } };
    expect(combing(await readFrame(tools, woven, 8)) + combing(await readFrame(tools, woven, 9))).toBeGreaterThan(20);
    const sought = await readFrame(tools, video, 61);
    expect(Buffer.compare(sought.pixels, frames[61]!.pixels)).toBe(0);
  });

  it('are not made of whole pictures', async () => {
    const path = join(folder, 'whole.mp4');
    await ffmpeg('-f', 'lavfi', '-i', MOVING, ...codec, path);
    const video = await probeVideo(tools, path);
    expect([video.source.interlaced, video.reading.fields]).toEqual([false, []]);
  });

  /** How far each row is from the mean of those about it, levels. */
  function combing({ pixels, width, height }: Frame): number {
    let sum = 0;
    for (let y = 1; y < height - 1; y += 1)
      for (let x = 0; x < width; x += 1) {
        const at = (row: number) => pixels[(row * width + x) * 3]!;
        sum += Math.abs(at(y) - (at(y - 1) + at(y + 1)) / 2);
      }
    return sum / (width * (height - 2));
  }
});
