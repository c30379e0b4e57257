import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEDIA_CONTAINERS, REFUSED_MEDIA } from '../../../shared/format/index.ts';
import { sourcePictures } from '../export/source-pictures.ts';
import { ffmpeg, numberedClip, numberIn, scratchFolder, tools } from './clips.fixture.ts';
import { probeVideo, readFrame, readFrames } from './index.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
const SIZE = { width: 160, height: 96 };
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];

beforeAll(() => numberedClip(at('whole.mp4'), { sound: true }));
afterAll(() => rm(folder, { recursive: true }));

/** A file, and how it is made of the numbered clip with sound (H.264 with B-frames, AAC). */
const COPIED: [string, string, readonly string[]][] = [
  ['MKV with AAC, as OBS records it', 'obs.mkv', []],
  ['MOV', 'phone.mov', []],
  ['MPEG-TS', 'television.ts', []],
  ['FLV', 'stream.flv', []],
  ['AVI with B-frames', 'old.avi', ['-bsf:v', 'h264_mp4toannexb']],
  ['NUT', 'any.nut', []],
  ['MP4 in fragments', 'fragments.mp4', ['-movflags', 'frag_keyframe+empty_moov']],
  ['MP4 whose picture begins late', 'late.mp4', ['-itsoffset', '0.3', '-i', 'whole.mp4', '-map', '1:v', '-map', '0:a']],
  ['MP4 whose sound begins late', 'early.mp4', ['-itsoffset', '0.3', '-i', 'whole.mp4', '-map', '0:v', '-map', '1:a']],
  ['MKV whose picture begins late', 'late.mkv', ['-itsoffset', '0.3', '-i', 'whole.mp4', '-map', '1:v', '-map', '0:a']],
];
const CODED: [string, string, readonly string[]][] = [
  ['WebM', 'web.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30']],
  ['WMV', 'windows.wmv', ['-c:v', 'wmv2', '-q:v', '2']],
  ['MPEG', 'disc.mpg', ['-c:v', 'mpeg2video', '-q:v', '2', '-bf', '2']],
  ['GIF', 'short.gif', []],
  ['SWF, which calls none of its frames a key frame', 'flash.swf', ['-c:v', 'flv1', '-q:v', '2']],
  ['intra refresh in MKV', 'refresh.mkv', [...X264, '-x264-params', 'intra-refresh=1:keyint=40']],
  ['open groups in MP4', 'open.mp4', [...X264, '-x264-params', 'open-gop=1:keyint=25:bframes=3']],
  ['open groups of HEVC in MKV', 'open.mkv', ['-c:v', 'libx265', '-x265-params', 'log-level=none:keyint=25']],
];

const ALL = Array.from({ length: 100 }, (_, k) => k);
const SOUGHT = [48, 49, 50, 51, 74, 75, 76, 99];

async function numbersOf(path: string): Promise<{ said: number; counted: number[]; sought: number[] }> {
  const video = await probeVideo(tools, path);
  const counted: number[] = [];
  for await (const frame of readFrames(tools, video, { size: SIZE })) counted.push(numberIn(frame));
  const sought: number[] = [];
  for (const number of SOUGHT) sought.push(numberIn(await readFrame(tools, video, number, { size: SIZE })));
  return { said: video.source.frames, counted, sought };
}

describe('frame k by seeking is frame k by counting', () => {
  it.each(COPIED)('%s', async (_, name, options) => {
    const words = options.map((word) => (word === 'whole.mp4' ? at(word) : word));
    await ffmpeg('-i', at('whole.mp4'), ...words, '-c', 'copy', at(name));
    expect(await numbersOf(at(name))).toEqual({ said: 100, counted: ALL, sought: SOUGHT });
  });

  it.each(CODED)('%s', async (_, name, options) => {
    await ffmpeg('-i', at('whole.mp4'), '-an', ...options, at(name));
    expect(await numbersOf(at(name))).toEqual({ said: 100, counted: ALL, sought: SOUGHT });
  });

  it('and a dub that is longer than its video takes each picture forwards and back', async () => {
    const video = await probeVideo(tools, at('obs.mkv'));
    const rows = Int32Array.from([...ALL, ...ALL.slice(1, -1).toReversed(), ...ALL]);
    const taken: number[] = [];
    for await (const frame of sourcePictures(tools, video, rows, SIZE, [])) taken.push(numberIn(frame));
    expect(taken).toEqual([...rows]);
  });
});

it('MKV whose clock begins before nought keeps no times there: they are even', async () => {
  const before = ['-output_ts_offset', '-1.5', '-avoid_negative_ts', 'disabled'];
  await ffmpeg('-i', at('whole.mp4'), '-c', 'copy', ...before, at('before.mkv'));
  expect(await numbersOf(at('before.mkv'))).toEqual({ said: 100, counted: ALL, sought: SOUGHT });
  const { source, times } = await probeVideo(tools, at('before.mkv'));
  expect(source).toMatchObject({ fps: 25, variableFrameRate: false });
  expect(Math.max(...times.map((time, k) => Math.abs(time - k / 25)))).toBeLessThan(0.002);
});

describe('a recording that begins amid a group of pictures', () => {
  it('has the frames that can be shown', async () => {
    await numberedClip(at('group.ts'), { codec: [...X264, '-g', '25', '-bf', '2'] });
    const whole = await readFile(at('group.ts'));
    await writeFile(at('amid.ts'), whole.subarray(188 * Math.ceil((whole.length * 0.3) / 188)));
    const video = await probeVideo(tools, at('amid.ts'));
    const numbers: number[] = [];
    for await (const frame of readFrames(tools, video, { size: SIZE })) numbers.push(numberIn(frame));
    expect(numbers[0]).toBeGreaterThan(0);
    expect(video.source.frames).toBe(numbers.length);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, k) => 100 - numbers.length + k));
    expect(video.times[0]).toBe(0);
  });
});

it('packets with side data are counted once: VP9 with alpha', async () => {
  await numberedClip(at('plain.mkv'), { seconds: 2, codec: ['-c:v', 'ffv1'] });
  const alpha = ['-vf', 'format=yuva420p', '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'];
  await ffmpeg('-i', at('plain.mkv'), ...alpha, at('alpha.webm'));
  expect((await probeVideo(tools, at('alpha.webm'))).source).toMatchObject({ frames: 50, variableFrameRate: false });
});

describe('the list of containers', () => {
  it.skipIf(tools.origin !== 'brought' || process.platform !== 'linux')(
    'decides about everything that the ffmpeg which came along reads',
    async () => {
      const { stdout } = await promisify(execFile)(tools.ffmpeg, ['-v', 'error', '-hide_banner', '-demuxers']);
      const read = stdout
        .split('\n')
        .slice(stdout.split('\n').findIndex((line) => line.trim() === '---') + 1)
        .filter((line) => /^ D {2}/.test(line)) // "D d" is a camera or a microphone
        .flatMap((line) => line.trim().split(/\s+/)[1]!.split(','));
      const known = new Set([...MEDIA_CONTAINERS.split(','), ...REFUSED_MEDIA.flatMap(({ formats }) => [...formats])]);
      expect(read.length).toBeGreaterThan(300);
      expect(read.filter((name) => !known.has(name))).toEqual([]);
    },
  );
});
