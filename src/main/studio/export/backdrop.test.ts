import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ffmpeg, scratchFolder, tools } from '../media/clips.fixture.ts';
import { openBackdrop } from './backdrop.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
afterAll(() => rm(folder, { recursive: true }));

const SIZE = { width: 64, height: 32 };
/** Left half red, right half blue. */
const HALVES = 'color=red:s=60x60,format=rgb24[l];color=blue:s=60x60,format=rgb24[r];[l][r]hstack';

/** Each of `seconds` as the colour at its left and at its right, and what alpha there is. */
async function shown(path: string, seconds: readonly number[] = [0]) {
  const backdrop = await openBackdrop(tools, { kind: 'file', path }, SIZE);
  const seen = [];
  for (const moment of seconds) {
    const pixels = new Uint8Array(SIZE.width * SIZE.height * 4);
    await backdrop.fill(pixels, moment);
    const of = (column: number): string => nameOf(pixels.subarray((16 * 64 + column) * 4, (16 * 64 + column) * 4 + 4));
    seen.push(`${of(4)} ${of(59)}`);
  }
  await backdrop.close();
  return seen;
}

function nameOf([r, g, b, alpha]: Uint8Array): string {
  if (alpha !== 255) return `alpha ${alpha}`;
  const bright = [r! > 128 ? 'r' : '', g! > 128 ? 'g' : '', b! > 128 ? 'b' : ''].join('');
  return bright || 'black';
}

describe('a picture behind a portrait', () => {
  it.each(['halves.png', 'halves.jpg', 'halves.bmp', 'halves.tiff', 'halves.webp'])('%s covers it', async (name) => {
    await ffmpeg('-filter_complex', HALVES, '-frames:v', '1', '-update', '1', at(name));
    expect(await shown(at(name))).toEqual(['r b']);
  });

  it.each([
    ['a pixel wide', '1x20000'],
    ['a pixel high', '20000x1'],
    ['of one pixel', '1x1'],
  ])('%s covers it too, in no more memory than another', async (_, size) => {
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      `color=red:s=${size},format=rgb24`,
      '-frames:v',
      '1',
      '-update',
      '1',
      at('thin.png'),
    );
    expect(await shown(at('thin.png'))).toEqual(['r r']);
  });

  it('is cut at its sides where it is wider, its middle in the middle', async () => {
    // blue, red, green, blue: red and green are left
    const four = 'color=blue:s=128x64,drawbox=x=32:w=32:h=64:color=red:t=fill,drawbox=x=64:w=32:h=64:color=lime:t=fill';
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      `${four},scale=256:64,format=rgb24`,
      '-frames:v',
      '1',
      '-update',
      '1',
      at('wide.png'),
    );
    expect(await shown(at('wide.png'))).toEqual(['r g']);
  });

  it('is known by what it holds, whatever it is called', async () => {
    await ffmpeg(
      '-filter_complex',
      HALVES,
      '-frames:v',
      '1',
      '-f',
      'image2',
      '-update',
      '1',
      '-c:v',
      'png',
      at('a.mp4'),
    );
    expect(await shown(at('a.mp4'))).toEqual(['r b']);
  });

  it('is turned as its camera says', async () => {
    await ffmpeg('-filter_complex', HALVES, '-frames:v', '1', '-update', '1', at('plain.jpg'));
    await writeFile(at('turned.jpg'), turnedAround(await readFile(at('plain.jpg'))));
    expect(await shown(at('turned.jpg'))).toEqual(['b r']);
  });

  it('is laid over black where it lets something through', async () => {
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'color=white@0.0:s=64x32,format=rgba',
      '-frames:v',
      '1',
      '-update',
      '1',
      at('c.png'),
    );
    expect(await shown(at('c.png'))).toEqual(['black black']);
  });
});

describe('a video behind a portrait', () => {
  /** Five frames a second: red, green, blue. */
  const colours = [
    '-f',
    'lavfi',
    '-i',
    "color=red:r=5:d=0.6:s=64x32,format=rgb24,geq=r='255*eq(N,0)':g='255*eq(N,1)':b='255*eq(N,2)'",
  ];
  const coded = ['-c:v', 'libx264', '-pix_fmt', 'yuv444p', '-crf', '1'];

  it('goes on by its own times, and begins again', async () => {
    await ffmpeg(...colours, ...coded, at('three.mp4'));
    const moments = Array.from({ length: 34 }, (_, k) => k / 25);
    const seen = await shown(at('three.mp4'), moments);
    const expected = moments.map((moment) => ['r r', 'g g', 'b b'][Math.floor((moment % 0.6) * 5 + 1e-6)]);
    expect(seen).toEqual(expected);
  });

  it('shows a single moment of it', async () => {
    await ffmpeg(...colours, ...coded, at('later.mp4'));
    expect(await shown(at('later.mp4'), [1.05])).toEqual(['b b']);
  });

  it('is turned as it says', async () => {
    await ffmpeg('-filter_complex', `${HALVES},loop=2:1`, '-t', '0.6', ...coded, at('upright.mp4'));
    await ffmpeg('-display_rotation', '180', '-i', at('upright.mp4'), '-c', 'copy', at('turned.mp4'));
    expect(await shown(at('turned.mp4'))).toEqual(['b r']);
  });

  it('of high dynamic range is brought into that of the film', async () => {
    const hlg = ['-color_primaries', 'bt2020', '-color_trc', 'arib-std-b67', '-colorspace', 'bt2020nc'];
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'color=white:r=5:d=0.4:s=64x32',
      '-c:v',
      'libx265',
      '-pix_fmt',
      'yuv420p10le',
      ...hlg,
      at('hdr.mp4'),
    );
    expect(await shown(at('hdr.mp4'))).toEqual(['rgb rgb']);
  });
});

describe('what is no background', () => {
  it.each([
    ['text', 'notes.txt', Buffer.from('a background'), 'cannot be used'],
    ['a page of markup', 'a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'cannot be used'],
    ['a playlist', 'list.m3u8', Buffer.from('#EXTM3U\n#EXTINF:1,\n/etc/passwd\n'), 'cannot be used'],
    ['half a picture', 'half.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'cannot be used'],
    ['nothing', 'empty.png', Buffer.alloc(0), 'empty'],
    ['a picture whose header lies', 'lies.png', Buffer.from('\x89PNG\r\n\x1a\nnothing of it', 'latin1'), 'damaged'],
    ['a WebP that moves', 'a.webp', Buffer.from('RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0', 'latin1'), 'moves'],
  ])('%s is refused', async (_, name, bytes, said) => {
    await writeFile(at(name), bytes);
    await expect(shown(at(name))).rejects.toMatchObject({ code: 'bad-video', message: expect.stringContaining(said) });
  });

  it('a picture that says it has more pixels than fit is refused before it is read', async () => {
    const head = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x9c\x40\0\0\x9c\x40\x08\x06\0\0\0\0\0\0\0', 'latin1');
    await writeFile(at('vast.png'), head);
    await expect(shown(at('vast.png'))).rejects.toMatchObject({ code: 'bad-video' });
  });

  it('sound alone, a folder, and what is not there are refused', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'sine=d=0.2', at('sound.wav'));
    await mkdir(at('folder.png'));
    await expect(shown(at('sound.wav'))).rejects.toMatchObject({ code: 'bad-video' });
    await expect(shown(at('folder.png'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(shown(at('gone.png'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

/** A JPEG with an EXIF header behind its first marker that says it is upside down (orientation 3). */
function turnedAround(jpeg: Buffer): Buffer {
  const tiff = Buffer.from('II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0\0\0\0\0', 'latin1');
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.of(0xff, 0xe1, 0, body.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}
