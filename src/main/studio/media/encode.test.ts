import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ffmpeg, scratchFolder, tools } from './clips.fixture.ts';
import { partialBeside } from '../ground/settle.ts';
import { mediaFailure } from './failure.ts';
import { OWN_WAVE, openVideoSink, probeVideo, readFrames, readSound } from './index.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
afterAll(() => rm(folder, { recursive: true }));

function grey(width: number, height: number, level: number): Uint8Array {
  return new Uint8Array(width * height * 3).fill(level);
}

describe('a written video', () => {
  it('gives untouched frames back nearly unchanged, colours tagged', async () => {
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=256x192:r=25:d=1,gblur=2',
      '-c:v',
      'libx264',
      '-crf',
      '10',
      '-pix_fmt',
      'yuv420p',
      '-colorspace',
      'bt709',
      '-color_range',
      'tv',
      at('source.mp4'),
    );
    const source = await probeVideo(tools, at('source.mp4'));
    const sink = openVideoSink(tools, { path: at('copy.mp4'), width: 256, height: 192, fps: 25, quality: 'best' });
    const before: Uint8Array[] = [];
    for await (const frame of readFrames(tools, source)) {
      before.push(frame.pixels);
      await sink.write(frame.pixels);
    }
    expect(await sink.finish()).toEqual({ path: at('copy.mp4'), frames: 25 });
    let squares = 0;
    let sum = 0;
    for await (const { number, pixels } of readFrames(tools, await probeVideo(tools, at('copy.mp4')))) {
      pixels.forEach((value, i) => {
        squares += (value - before[number]![i]!) ** 2;
        sum += value - before[number]![i]!;
      });
    }
    const count = before.length * before[0]!.length;
    expect(10 * Math.log10((255 * 255 * count) / squares)).toBeGreaterThan(40);
    expect(Math.abs(sum / count)).toBeLessThan(0.5); // no shift in brightness
    const tags = execFileSync(
      tools.ffprobe,
      [
        '-v',
        'error',
        '-show_entries',
        'stream=color_space,color_range,color_primaries,color_transfer,pix_fmt',
        '-of',
        'csv=p=0',
        at('copy.mp4'),
      ],
      { encoding: 'utf8' },
    );
    expect(tags.trim()).toBe('yuv420p,tv,bt709,bt709,bt709');
  });

  it('has even sides, the exact rate, exactly the sound asked for, its metadata, and its index in front', async () => {
    await ffmpeg('-f', 'lavfi', '-i', "aevalsrc='0.5*sin(2*PI*440*t)':s=44100:d=1.2", at('short.wav'));
    const sink = openVideoSink(tools, {
      path: at('odd.mp4'),
      width: 161,
      height: 97,
      fps: 30_000 / 1001,
      sound: { path: at('short.wav'), track: OWN_WAVE, seconds: 2 },
      metadata: { title: 'a name = with signs', 'digital-source': 'trained' },
    });
    for (let i = 0; i < 60; i += 1) await sink.write(grey(161, 97, i * 4));
    await sink.finish();
    const { source } = await probeVideo(tools, at('odd.mp4'));
    expect(source).toMatchObject({ width: 160, height: 96, frames: 60, hasAudio: true, codec: 'h264' });
    expect(source.fps).toBeCloseTo(30_000 / 1001, 6);
    const sound = await readSound(tools, at('odd.mp4'), { rate: 44_100 });
    expect(sound.samples.length / 44_100).toBeCloseTo(2, 1);
    expect(Math.max(...sound.samples.subarray(4410, 44_100))).toBeGreaterThan(0.4);
    expect(Math.max(...sound.samples.subarray(57_000).map(Math.abs))).toBeLessThan(0.01);
    const tags = execFileSync(
      tools.ffprobe,
      ['-v', 'error', '-show_entries', 'format_tags', '-of', 'json', at('odd.mp4')],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(tags).format.tags).toMatchObject({ title: 'a name = with signs', 'digital-source': 'trained' });
    const bytes = await readFile(at('odd.mp4'));
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  it('replaces an older file only when it is whole, and an abort leaves nothing behind', async () => {
    await writeFile(at('kept.mp4'), 'the old one');
    const sink = openVideoSink(tools, { path: at('kept.mp4'), width: 64, height: 64, fps: 25 });
    for (let i = 0; i < 10; i += 1) await sink.write(grey(64, 64, 100));
    await sink.abort();
    expect(await readFile(at('kept.mp4'), 'utf8')).toBe('the old one');
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('says of a place where nothing can be written what it is', async () => {
    const written = async (path: string): Promise<void> => {
      const sink = openVideoSink(tools, { path, width: 64, height: 64, fps: 25 });
      try {
        await sink.write(grey(64, 64, 100));
        await sink.finish();
      } finally {
        await sink.abort();
      }
    };
    await expect(written(at('gone/film.mp4'))).rejects.toMatchObject({ code: 'not-found' });
    const told = (words: string): string => mediaFailure('output', `Error opening output x: ${words}`).code;
    expect(['Read-only file system', 'Permission denied', 'Input/output error', 'something else'].map(told)).toEqual([
      'bad-request',
      'not-found',
      'not-found',
      'internal',
    ]);
  });

  it('stops at a signal', async () => {
    const stop = new AbortController();
    const sink = openVideoSink(tools, { path: at('stopped.mp4'), width: 64, height: 64, fps: 25, signal: stop.signal });
    await sink.write(grey(64, 64, 100));
    stop.abort();
    await expect(sink.finish()).rejects.toMatchObject({ code: 'cancelled' });
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped') || name.includes('partial'))).toEqual(
      [],
    );
  });

  it.skipIf(process.platform !== 'linux')('on a full disk says so and leaves nothing behind', async () => {
    await symlink('/dev/full', partialBeside(at('full.mp4'))); // the kernel's own full device
    const sink = openVideoSink(tools, { path: at('full.mp4'), width: 320, height: 240, fps: 25, quality: 'best' });
    const noise = crypto.getRandomValues(new Uint8Array(40_009));
    await expect(async () => {
      for (let i = 0; i < 100; i += 1)
        await sink.write(Uint8Array.from({ length: 320 * 240 * 3 }, (_, k) => noise[(k * 7 + i * 13) % noise.length]!));
      await sink.finish();
    }).rejects.toMatchObject({ code: 'disk-full' });
    expect((await readdir(folder)).filter((name) => name.includes('full'))).toEqual([]);
  });
});
