import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceStreams } from '../../../shared/contract/index.ts';
import { ffmpeg, numberedClip, numberIn, scratchFolder, tools } from './clips.fixture.ts';
import { chooseStreams, filmTrack, probeVideo, readFrame, readSound, soundTrack, toWave } from './index.ts';
import { chooseSound, type MeasuredSound } from './streams.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
const TONE = ['-f', 'lavfi', '-i', "aevalsrc='0.5*sin(2*PI*440*t)|0.5*sin(2*PI*440*t)':s=48000:d=2"];
const OPPOSITE = ['-f', 'lavfi', '-i', "aevalsrc='0.5*sin(2*PI*440*t)|-0.5*sin(2*PI*440*t)':s=48000:d=2"];
const SILENT = ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo:d=2'];
/** Of the tone's two channels, as ffmpeg mixes them: by the square root of a half each. */
const IN_PHASE = 0.5;
const COPIED = ['-c:v', 'copy', '-c:a', 'aac'];

beforeAll(() => numberedClip(at('film.mp4'), { seconds: 2 }));
afterAll(() => rm(folder, { recursive: true }));

async function chosen(name: string, wish: { picture?: number; sound?: number } = {}): Promise<SourceStreams> {
  const video = await probeVideo(tools, at(name), wish.picture);
  return chooseStreams(tools, at(name), video, wish.sound);
}

/** Root mean square of the mono sound that is heard. */
async function loudness(path: string): Promise<number> {
  const { samples } = await readSound(tools, path);
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
}

describe('the film', () => {
  it('is not the small preview before it', async () => {
    const preview = [
      '-filter_complex',
      '[0:v]scale=64:64,setsar=1,split[a][b]',
      '-map',
      '[a]',
      '-map',
      '1:v',
      '-map',
      '[b]',
    ];
    await ffmpeg('-i', at('film.mp4'), '-i', at('film.mp4'), ...preview, at('preview.mkv'));
    const streams = await chosen('preview.mkv');
    expect(streams.picture).toBe(1);
    expect(streams.pictures.map(({ width }) => width)).toEqual([64, 160, 64]);
    const video = await probeVideo(tools, at('preview.mkv'));
    expect(video.source).toMatchObject({ width: 160, height: 96, frames: 50 });
    expect(numberIn(await readFrame(tools, video, 49))).toBe(49);
    expect((await probeVideo(tools, at('preview.mkv'), 2)).source.width).toBe(64);
    await expect(probeVideo(tools, at('preview.mkv'), 7)).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('is not a cover, whether it is marked as one or not', async () => {
    await ffmpeg('-i', at('film.mp4'), '-frames:v', '1', '-vf', 'scale=640:640', at('cover.jpg'));
    const both = ['-i', at('cover.jpg'), '-i', at('film.mp4'), '-map', '0', '-map', '1', '-c', 'copy'];
    await ffmpeg(...both, '-disposition:v:0', 'attached_pic', at('marked.mp4'));
    await ffmpeg(...both, at('unmarked.mp4'));
    for (const name of ['marked.mp4', 'unmarked.mp4'])
      expect((await probeVideo(tools, at(name))).source).toMatchObject({ width: 160, codec: 'h264', frames: 50 });
  });

  it('is the marked default of two that are as large', async () => {
    const two = ['-i', at('film.mp4'), '-i', at('film.mp4'), '-map', '0', '-map', '1', '-c', 'copy'];
    await ffmpeg(...two, '-disposition:v:0', '0', '-disposition:v:1', 'default', at('two.mkv'));
    expect((await chosen('two.mkv')).picture).toBe(1);
  });
});

describe('the sound', () => {
  it('is not the first one where that is silent', async () => {
    await ffmpeg(
      '-i',
      at('film.mp4'),
      ...SILENT,
      ...TONE,
      '-map',
      '0',
      '-map',
      '1',
      '-map',
      '2',
      ...COPIED,
      at('mute.mp4'),
    );
    const streams = await chosen('mute.mp4');
    expect(streams).toMatchObject({ picture: 0, sound: 2, opposite: false });
    expect(streams.sounds.map(({ decibels }) => decibels === null)).toEqual([true, false]);
    expect(await loudness(at('mute.mp4'))).toBeCloseTo(IN_PHASE, 2);
    expect((await chosen('mute.mp4', { sound: 1 })).sound).toBe(1);
    await expect(chosen('mute.mp4', { sound: 0 })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('is the marked default, wherever it is', async () => {
    const two = ['-i', at('film.mp4'), ...TONE, ...TONE, '-map', '0', '-map', '1', '-map', '2', ...COPIED];
    await ffmpeg(...two, '-disposition:a:0', '0', '-disposition:a:1', 'default', at('second.mkv'));
    expect((await chosen('second.mkv')).sound).toBe(2);
  });

  it.each([
    ['a comment on the film, although it is first', [{ comment: 1 }, {}], [-20, -20], 1],
    ['a comment where there is no other', [{ comment: 1 }], [-20], 0],
    ['much quieter than another', [{ default: 1 }, { default: 1 }], [-45, -20], 1],
    ['a little quieter than another', [{ default: 1 }, { default: 1 }], [-25, -20], 0],
    ['silent, where all are', [{}, { default: 1 }], [null, null], 0],
  ] as const)('%s: the one of index', (_, marks, levels, index) => {
    const sounds: MeasuredSound[] = marks.map((disposition, k) => ({
      stream: { index: k, codec_type: 'audio', disposition },
      decibels: levels[k] ?? null,
      opposite: false,
    }));
    expect(chooseSound(sounds)?.stream.index).toBe(index);
  });

  it('of two channels in opposite phase does not mix to silence, in a file or as a WAV', async () => {
    await ffmpeg(...OPPOSITE, at('opposite.wav'));
    expect(await soundTrack(tools, at('opposite.wav'))).toEqual({ index: 0, opposite: true });
    expect(await loudness(at('opposite.wav'))).toBeCloseTo(IN_PHASE, 2);
    await toWave(tools, at('opposite.wav'), at('taken-in.wav'), { silence: 'refused' });
    expect(await soundTrack(tools, at('taken-in.wav'))).toEqual({ index: 0, opposite: false });
  });

  it('of one microphone on one side is heard too', async () => {
    await ffmpeg('-f', 'lavfi', '-i', "aevalsrc='0|0.5*sin(2*PI*440*t)':s=48000:d=1", at('right.wav'));
    expect(await soundTrack(tools, at('right.wav'))).toEqual({ index: 0, opposite: false });
    expect(await loudness(at('right.wav'))).toBeCloseTo(IN_PHASE / 2, 2);
  });

  it('keeps its place beside the picture in MPEG-TS, where a stream that is read alone begins at 0', async () => {
    const late = ['-f', 'lavfi', '-itsoffset', '0.5', '-i', "aevalsrc='0.5*sin(2*PI*440*t)':s=48000:d=1"];
    await ffmpeg('-i', at('film.mp4'), ...late, '-map', '0', '-map', '1', ...COPIED, at('late.ts'));
    const { samples } = await readSound(tools, at('late.ts'), { track: await filmTrack(tools, at('late.ts')) });
    const begin = samples.findIndex((sample) => Math.abs(sample) > 0.1) / 16_000;
    expect(begin).toBeGreaterThan(0.45);
    expect(begin).toBeLessThan(0.55);
  });
});
