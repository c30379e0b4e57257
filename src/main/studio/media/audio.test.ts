import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ffmpeg, numberedClip, scratchFolder, tools } from './clips.fixture.ts';
import { readSound, refuseSilence, soundSeconds } from './index.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
afterAll(() => rm(folder, { recursive: true }));

/** Goertzel's sum: how much of a tone is in the samples, as an amplitude. */
function amplitudeAt(samples: Float32Array, frequency: number, rate: number): number {
  let [re, im] = [0, 0];
  samples.forEach((sample, k) => {
    re += sample * Math.cos((2 * Math.PI * frequency * k) / rate);
    im += sample * Math.sin((2 * Math.PI * frequency * k) / rate);
  });
  return (2 * Math.hypot(re, im)) / samples.length;
}

describe('sound', () => {
  const layouts: [string, string, string][] = [
    ['8 kHz mono', '8000', 'mono'],
    ['16 kHz mono', '16000', 'mono'],
    ['96 kHz stereo', '96000', 'stereo'],
    ['48 kHz 5.1', '48000', '5.1'],
  ];
  it.each(layouts)('of %s is heard at 16 kHz with its length and pitch', async (name, rate, layout) => {
    const tone = `aevalsrc=${Array(layout === '5.1' ? 6 : layout === 'stereo' ? 2 : 1)
      .fill('0.4*sin(2*PI*500*t)')
      .join('|')}:s=${rate}:c=${layout}:d=2`;
    await ffmpeg('-f', 'lavfi', '-i', tone, at(`${name}.wav`));
    const sound = await readSound(tools, at(`${name}.wav`));
    expect([sound.rate, sound.channels]).toEqual([16_000, 1]);
    expect(soundSeconds(sound)).toBeCloseTo(2, 2);
    expect(amplitudeAt(sound.samples.subarray(1600, 17600), 500, 16_000)).toBeGreaterThan(0.25);
  });

  it('keeps two channels when asked', async () => {
    const sound = await readSound(tools, at('96 kHz stereo.wav'), { rate: 48_000, channels: 2 });
    expect(sound.samples.length).toBe(2 * 2 * 48_000);
  });

  it('that starts late in a video keeps its place', async () => {
    await numberedClip(at('picture.mp4'), { seconds: 2 });
    await ffmpeg(
      '-i',
      at('picture.mp4'),
      '-itsoffset',
      '0.5',
      '-i',
      at('16 kHz mono.wav'),
      '-map',
      '0',
      '-map',
      '1',
      '-c:v',
      'copy',
      '-c:a',
      'aac',
      at('late.mp4'),
    );
    const { samples } = await readSound(tools, at('late.mp4'));
    const first = samples.findIndex((sample) => Math.abs(sample) > 0.05);
    expect(first / 16_000).toBeCloseTo(0.5, 1);
  });

  it('that is missing, damaged or silent is named as such', async () => {
    await expect(readSound(tools, at('picture.mp4'))).rejects.toMatchObject({ code: 'no-audio' });
    await expect(readSound(tools, at('none.wav'))).rejects.toMatchObject({ code: 'not-found' });
    await writeFile(at('text.wav'), 'not a sound at all');
    await expect(readSound(tools, at('text.wav'))).rejects.toMatchObject({ code: 'bad-audio' });
    await writeFile(at('words.txt'), 'Good morning. '.repeat(10_000));
    const drawn = { code: 'bad-audio', message: expect.stringContaining('not a sound'), hint: 'Choose a sound.' };
    await expect(readSound(tools, at('words.txt'))).rejects.toMatchObject(drawn);
    await ffmpeg('-f', 'lavfi', '-i', 'anullsrc=d=1', at('silent.wav'));
    const silent = await readSound(tools, at('silent.wav'));
    expect(() => refuseSilence(silent)).toThrow('silent');
    const tone = await readSound(tools, at('16 kHz mono.wav'));
    expect(() => refuseSilence(tone)).not.toThrow();
  });
});
