/** Files that lack their end, and files whose clock does not start at 0. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, numberedClip, numberIn, scratchFolder, tools } from './clips.fixture.ts';
import { probeVideo, readFrames } from './index.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
/** And whether the container says how long it should be. */
const CONTAINERS: [string, string[], boolean?][] = [
  ['mp4', ['-c', 'copy', '-movflags', '+faststart']],
  ['mov', ['-c', 'copy', '-movflags', '+faststart']],
  ['mkv', ['-c', 'copy']],
  ['webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus', '-b:a', '32k']],
  ['avi', ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le']],
  ['asf', ['-c:v', 'wmv2', '-c:a', 'wmav2'], false],
  ['mpg', ['-c:v', 'mpeg2video', '-c:a', 'mp2'], false],
  ['ts', ['-c', 'copy'], false],
  ['flv', ['-c:v', 'flv', '-c:a', 'aac']],
];
beforeAll(() => numberedClip(at('plain.mp4'), { sound: true }));
afterAll(() => rm(folder, { recursive: true }));

describe.each(CONTAINERS)('half a file: %s', (format, options, says = true) => {
  it('is taken for what is there, which is said', async () => {
    await ffmpeg('-i', at('plain.mp4'), ...options, at(`whole.${format}`));
    const bytes = await readFile(at(`whole.${format}`));
    await writeFile(at(`half.${format}`), bytes.subarray(0, Math.floor(bytes.length * 0.55)));
    const whole = await probeVideo(tools, at(`whole.${format}`));
    expect([whole.source.frames, whole.source.missingSeconds]).toEqual([100, undefined]);
    expect([whole.source.fps, whole.source.duration]).toEqual([25, expect.closeTo(4, 1)]);
    const half = await probeVideo(tools, at(`half.${format}`));
    expect(half.source.frames).toBeGreaterThan(20);
    expect(half.source.frames).toBeLessThan(90);
    expect(half.source.duration).toBeCloseTo(half.times.at(-1)! + 1 / 25, 3);
    const missing = says ? half.source.missingSeconds! : 4 - half.source.duration;
    expect(missing).toBeCloseTo(4 - half.source.duration, 0);
    const right: boolean[] = [];
    for await (const frame of readFrames(tools, half)) right.push(numberIn(frame) === frame.number);
    expect(right.length).toBe(half.source.frames);
    expect(right.slice(0, -3)).not.toContain(false); // the last may be half ones
  });
});

describe('a clock that starts at an hour', () => {
  it.each(['mkv', 'mp4', 'ts'])('is counted from its start: %s', async (format) => {
    await ffmpeg('-i', at('plain.mp4'), '-c', 'copy', '-output_ts_offset', '3600', at(`late.${format}`));
    const { source, times } = await probeVideo(tools, at(`late.${format}`));
    expect([source.frames, source.missingSeconds]).toEqual([100, undefined]);
    expect(source.duration).toBeCloseTo(4, 1);
    expect(times[0]).toBeLessThan(0.1);
  });
});

describe('a picture that no avatar could have', () => {
  it('is refused', async () => {
    await ffmpeg('-i', at('plain.mp4'), '-vf', 'scale=3200:96,setsar=1', '-frames:v', '9', '-an', at('vast.mkv'));
    await expect(probeVideo(tools, at('vast.mkv'))).rejects.toMatchObject({
      code: 'bad-video',
      message: expect.stringMatching(/3200x96/),
    });
  });
});
