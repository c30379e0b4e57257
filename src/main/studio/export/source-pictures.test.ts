import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { numberedClip, numberIn, scratchFolder, tools } from '../media/clips.fixture.ts';
import { probeVideo } from '../media/index.ts';
import { faceOpacity } from './opacity.ts';
import { runsOf, sourcePictures } from './source-pictures.ts';

const folder = await scratchFolder();
afterAll(() => rm(folder, { recursive: true }));

describe('source pictures', () => {
  it('come in any order asked for: forwards, back, repeated, skipped', async () => {
    const video = await probeVideo(tools, await numberedClip(join(folder, 'clip.mp4'), { seconds: 3 }));
    const last = video.source.frames - 1;
    const rows = [0, 1, 1, 2, 5, 6, last - 1, last, last - 1, last - 1, last - 4, 60, 59, 3, 2, 1, 0, 1, 2];
    const seen: number[] = [];
    const buffers = new Set<ArrayBufferLike>();
    for await (const frame of sourcePictures(tools, video, Int32Array.from(rows), { width: 160, height: 96 }, [])) {
      seen.push(numberIn(frame));
      buffers.add(frame.pixels.buffer);
      frame.pixels.fill(0); // a picture handed out is the caller's own
    }
    expect(seen).toEqual(rows);
    expect(buffers.size).toBe(rows.length);
  });

  it('split where the direction turns', () => {
    expect(runsOf(Int32Array.of(0, 1, 2, 1, 0, 0, 1)).map(({ step, rows }) => [step, [...rows]])).toEqual([
      [1, [0, 1, 2]],
      [-1, [1, 0, 0]],
      [1, [1]],
    ]);
    expect(runsOf(Int32Array.of(4, 4)).map(({ step, rows }) => [step, [...rows]])).toEqual([[1, [4, 4]]]);
    expect(runsOf(new Int32Array(0)).every(({ rows }) => rows.length === 0)).toBe(true);
  });
});

describe('the driven face', () => {
  it('is not shown where it is covered, missing or somebody else, and fades beside those frames', () => {
    const state = Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0);
    const opacity = faceOpacity(
      state,
      Int32Array.from(state, (_, row) => row),
    );
    expect([...opacity]).toEqual([1, 1, 1, 0.75, 0.5, 0.25, 0, 0.25, 0.5, 0.75, 1, 1, 1, 1]);
    expect([...faceOpacity(Uint8Array.of(2, 3), Int32Array.of(0, 1, 0))]).toEqual([0, 0, 0]);
  });
});
