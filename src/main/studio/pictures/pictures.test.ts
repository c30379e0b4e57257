import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedClip, scratchFolder, tools } from '../media/clips.fixture.ts';
import { makePictures, readPictures } from './index.ts';
import { pictureSize } from './make-pictures.ts';

const folder = await scratchFolder();
const clip = join(folder, 'clip.mp4');
const pictures = join(folder, 'pictures');
beforeAll(() => numberedClip(clip, { seconds: 2 }));
afterAll(() => rm(folder, { recursive: true }));
const make = (signal?: AbortSignal, seen: number[] = []) =>
  makePictures(tools, { source: clip }, pictures, (done) => seen.push(done), signal);

describe('the pictures of a source', () => {
  it('are not there before they are made', async () => {
    expect(await readPictures(pictures)).toBeUndefined();
  });

  it('are one JPEG a frame, found by the index, with the time each is shown', async () => {
    const seen: number[] = [];
    expect((await make(undefined, seen)).frames).toBe(50);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, k) => k + 1));
    const found = (await readPictures(pictures))!;
    expect(found).toMatchObject({ frames: 50, width: 160, height: 96 });
    expect(found.times[25]).toBeCloseTo(1, 6);
    const bytes = readFileSync(found.file);
    expect(found.offsets.at(-1)).toBe(bytes.length);
    for (let frame = 0; frame < 50; frame++) {
      const jpeg = bytes.subarray(found.offsets[frame], found.offsets[frame + 1]);
      expect([jpeg.readUInt16BE(0), jpeg.readUInt16BE(jpeg.length - 2)]).toEqual([0xffd8, 0xffd9]);
    }
    expect(readdirSync(folder).sort()).toEqual(['clip.mp4', 'pictures']);
  });

  it.each([
    ['a cut index', () => truncateSync(join(pictures, 'index.safetensors'), 100)],
    ['an index of nonsense', () => writeFileSync(join(pictures, 'index.safetensors'), Buffer.alloc(900, 3))],
    ['a cut file', () => truncateSync(join(pictures, 'frames.mjpeg'), 1000)],
    ['a missing file', () => rmSync(join(pictures, 'frames.mjpeg'))],
  ])('with %s are none, and can be made again', async (_, damage) => {
    const before = (await readPictures(pictures))?.version;
    damage();
    expect(await readPictures(pictures)).toBeUndefined();
    await make();
    expect((await readPictures(pictures))?.version).toBe(before); // the same pictures as before
  });

  it('that are stopped leave nothing behind, and what was there stays', async () => {
    const stop = new AbortController();
    await expect(
      makePictures(tools, { source: clip }, join(folder, 'other'), () => stop.abort(), stop.signal),
    ).rejects.toMatchObject({ code: 'cancelled' });
    await expect(make(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect((await readPictures(pictures))?.frames).toBe(50);
    expect(existsSync(join(folder, 'other'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['clip.mp4', 'pictures']);
  });

  it('are never larger than the source, nor higher than 540 lines', () => {
    expect([
      pictureSize({ width: 512, height: 512 }),
      pictureSize({ width: 1080, height: 1920 }),
      pictureSize({ width: 1920, height: 1080 }),
      pictureSize({ width: 3, height: 4000 }),
    ]).toEqual([
      { width: 512, height: 512 },
      { width: 304, height: 540 },
      { width: 960, height: 540 },
      { width: 1, height: 540 },
    ]);
  });
});
