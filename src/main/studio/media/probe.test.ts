import { copyFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, numberedClip, scratchFolder, tools } from './clips.fixture.ts';
import { probeVideo, readFrame } from './index.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
beforeAll(() => numberedClip(at('plain.mp4'), { sound: true }));
afterAll(() => rm(folder, { recursive: true }));

describe('a video', () => {
  it('is described as it is displayed', async () => {
    const { source } = await probeVideo(tools, at('plain.mp4'));
    expect(source).toEqual({
      width: 160,
      height: 96,
      fps: 25,
      duration: 4,
      frames: 100,
      rotation: 0,
      hasAudio: true,
      codec: 'h264',
      variableFrameRate: false,
      colours: { primaries: 'unknown', transfer: 'unknown', matrix: 'unknown', range: 'unknown' },
      interlaced: false,
      damaged: false,
    });
  });

  it('of a phone held upright comes out upright', async () => {
    await ffmpeg('-display_rotation', '90', '-i', at('plain.mp4'), '-c', 'copy', at('turned.mp4'));
    const video = await probeVideo(tools, at('turned.mp4'));
    expect(video.source).toMatchObject({ width: 96, height: 160, rotation: 90 });
    const frame = await readFrame(tools, video, 1);
    expect([frame.width, frame.height, frame.pixels.length]).toEqual([96, 160, 96 * 160 * 3]);
    // Frame 1 is white in its leftmost tenth; turned counter-clockwise, left becomes the bottom.
    expect(frame.pixels[(155 * 96 + 48) * 3]).toBeGreaterThan(200);
    expect(frame.pixels[(5 * 96 + 48) * 3]).toBeLessThan(50);
  });

  it('with pixels that are not square is shown wider', async () => {
    await ffmpeg('-i', at('plain.mp4'), '-vf', 'setsar=4/3', '-an', at('wide.mp4'));
    expect((await probeVideo(tools, at('wide.mp4'))).source).toMatchObject({ width: 213, height: 96 });
  });

  it('of 29.97 fps on a millisecond clock has a constant rate', async () => {
    await numberedClip(at('ntsc.mkv'), { fps: '30000/1001' });
    const { source } = await probeVideo(tools, at('ntsc.mkv'));
    expect(source.variableFrameRate).toBe(false);
    expect(source.fps).toBeCloseTo(29.97, 2);
  });

  it('of one second is fine', async () => {
    await numberedClip(at('second.mp4'), { seconds: 1 });
    expect((await probeVideo(tools, at('second.mp4'))).source.frames).toBe(25);
  });
});

describe('what is refused', () => {
  const probe = (name: string): Promise<unknown> => probeVideo(tools, at(name));
  const refusal = (code: string, message: RegExp): object => ({
    name: 'StudioError',
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/\w/),
  });

  it('a file that is not there', () =>
    expect(probe('nothing.mp4')).rejects.toMatchObject(refusal('not-found', /no file/)));
  it('an empty file', async () => {
    await writeFile(at('empty.mp4'), '');
    await expect(probe('empty.mp4')).rejects.toMatchObject(refusal('bad-video', /empty/));
  });
  it('text named .mp4', async () => {
    await writeFile(at('text.mp4'), 'Dear reader,\n'.repeat(400));
    await expect(probe('text.mp4')).rejects.toMatchObject(refusal('bad-video', /./));
  });
  it('an HLS playlist named .mp4, without opening what it lists', async () => {
    await writeFile(
      at('list.mp4'),
      `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4.0,\n${at('plain.mp4')}\n#EXT-X-ENDLIST\n`,
    );
    await expect(probe('list.mp4')).rejects.toMatchObject(refusal('bad-video', /a playlist \(hls\) named \.mp4/));
  });
  it.each([
    ['avif', 'a picture'],
    ['heic', 'a picture'],
    ['mif1', 'a picture'],
    ['avis', 'a sequence of pictures'],
    ['hevc', 'a sequence of pictures'],
  ])('pictures in the boxes of an mp4: %s', async (brand, what) => {
    const boxes = `\0\0\0\x14ftyp${brand}\0\0\0\0mif1\0\0\0\x08meta`;
    await writeFile(at(`boxes.${brand}`), Buffer.from(boxes, 'latin1'));
    const said = new RegExp(`not a video but ${what} \\(${brand}\\) named \\.${brand}`);
    await expect(probe(`boxes.${brand}`)).rejects.toMatchObject(refusal('bad-video', said));
  });
  it('a moving AVIF, by its name', async () => {
    await ffmpeg('-i', at('plain.mp4'), '-an', '-c:v', 'libsvtav1', '-preset', '12', '-f', 'avif', at('moving.mp4'));
    const said = /not a video but a sequence of pictures \(avis\) named \.mp4/;
    await expect(probe('moving.mp4')).rejects.toMatchObject(refusal('bad-video', said));
  });
  it('a video without its index (cut before the end)', async () => {
    await copyFile(at('plain.mp4'), at('noindex.mp4'));
    await truncate(at('noindex.mp4'), 6000);
    await expect(probe('noindex.mp4')).rejects.toMatchObject(refusal('bad-video', /cut short before its index/));
  });
  it('sound alone, and sound with a cover picture', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'sine=duration=1', at('sound.m4a'));
    await expect(probe('sound.m4a')).rejects.toMatchObject(refusal('bad-video', /no moving picture/));
    await ffmpeg('-i', at('plain.mp4'), '-frames:v', '1', at('cover.jpg'));
    await ffmpeg(
      '-i',
      at('sound.m4a'),
      '-i',
      at('cover.jpg'),
      '-map',
      '0',
      '-map',
      '1',
      '-c',
      'copy',
      '-disposition:v:0',
      'attached_pic',
      at('cover.m4a'),
    );
    await expect(probe('cover.m4a')).rejects.toMatchObject(refusal('bad-video', /no moving picture/));
  });
});
