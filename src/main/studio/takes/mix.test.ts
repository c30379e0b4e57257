import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudioError } from '../../../shared/contract/index.ts';
import type { SoundClip } from '../../../shared/domain/take.ts';
import { waveFile } from '../export/wave.fixture.ts';
import { scratchFolder, tools } from '../media/clips.fixture.ts';
import { readSound } from '../media/index.ts';
import { mixTake, writeMix } from './mix.ts';

const RATE = 16_000;
const folder = await scratchFolder();
afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  // Sample k of the ramp is k / 32768, so a mix tells which sample of it lies where: 1.5 s.
  await writeFile(
    join(folder, 'ramp.wav'),
    waveFile(
      Float32Array.from({ length: 24_000 }, (_, k) => k / 32_767),
      RATE,
    ),
  );
  await writeFile(join(folder, 'loud.wav'), waveFile(new Float32Array(RATE).fill(0.75), RATE));
  await writeFile(
    join(folder, 'fast.wav'),
    waveFile(
      Float32Array.from({ length: 96_000 }, (_, k) => 0.5 * Math.sin((2 * Math.PI * 300 * k) / 48_000)),
      48_000,
    ),
  );
});
const sounds = async (sound: string): Promise<string> => {
  if (sound === 'gone') throw new StudioError({ code: 'not-found', message: 'Gone.', hint: 'Add it.' });
  return join(folder, `${sound}.wav`);
};
const clip = (sound: string, at: number, start: number, seconds: number): SoundClip => ({
  id: `${sound}-${at}`,
  sound,
  at,
  start,
  seconds,
});
const mix = (clips: SoundClip[], more: object = {}) =>
  mixTake(tools, sounds, { clips }, { rate: RATE, channels: 1, ...more });
/** Which samples of the ramp a stretch of the mix is. */
const numbers = (samples: Float32Array, from: number, to: number) =>
  Array.from(samples.subarray(from, to), (sample) => Math.round(sample * 32_768));
const counted = (from: number, count: number) => Array.from({ length: count }, (_, k) => from + k);

describe('the mix of a take', () => {
  it('has each clip where it lies, to the sample, from where it begins in its sound', async () => {
    const { samples, rate, channels } = await mix([clip('ramp', 0.5, 0.25, 0.125), clip('ramp', 2.3, 1, 0.1)]);
    expect([samples.length, rate, channels]).toEqual([2.4 * RATE, RATE, 1]);
    expect(numbers(samples, 8000, 10_000)).toEqual(counted(4000, 2000));
    expect(numbers(samples, 36_800, 38_400)).toEqual(counted(16_000, 1600)); // across the seam of two seconds
    expect(samples.subarray(0, 8000).every((sample) => sample === 0)).toBe(true);
    expect(samples.subarray(10_000, 36_800).every((sample) => sample === 0)).toBe(true);
  });

  it('is silent where a clip is longer than its sound, and empty without clips', async () => {
    const { samples } = await mix([clip('ramp', 0, 1.4, 3)]);
    expect(samples.length).toBe(3 * RATE);
    expect(numbers(samples, 1590, 1602)).toEqual([...counted(23_990, 10), 0, 0]);
    expect((await mix([])).samples.length).toBe(0);
  });

  it('from one point to another is that part of the whole', async () => {
    const clips = [clip('ramp', 0.2, 0, 1.5), clip('loud', 1.9, 0.1, 0.5)];
    const whole = (await mix(clips)).samples;
    const part = (await mix(clips, { from: 0.7, to: 2.1 })).samples;
    expect(part.length).toBe(1.4 * RATE);
    expect(part).toEqual(whole.subarray(0.7 * RATE, 2.1 * RATE));
    expect((await mix(clips, { from: 2, to: 4 })).samples.subarray(0.4 * RATE).every((sample) => sample === 0)).toBe(
      true,
    );
  });

  it('adds sounds that overlap, bent below full scale where too loud, and leaves one alone as it is', async () => {
    const { samples } = await mix([clip('loud', 0, 0, 1), clip('loud', 0.5, 0, 1)]);
    expect(samples[4000]).toBeCloseTo(0.75, 4);
    expect(samples[12_000]).toBeCloseTo(0.8 + 0.2 * Math.tanh(0.7 / 0.2), 4);
    expect(samples.every((sample) => sample <= 1)).toBe(true);
    const { samples: alone } = await mix([clip('ramp', 0, 1.4, 0.1)]);
    expect(numbers(alone, 0, 1600)).toEqual(counted(22_400, 1600)); // 0.7 and more
  });

  it('has each clip as loud as it says, along straight lines in and out of silence', async () => {
    // 0.75, by 20 dB quieter .075; in over 4000 samples, out over 8000 of 16000.
    const faded = { ...clip('loud', 1.5, 0, 1), gain: -20, fadeIn: 0.25, fadeOut: 0.5 };
    const { samples } = await mix([faded]);
    const at = (k: number) => samples[24_000 + k];
    expect(at(0)).toBe(0);
    expect(at(1000)).toBeCloseTo(0.075 * 0.25, 5);
    expect(at(3999)).toBeCloseTo(0.075 * 0.99975, 5);
    expect(at(6000)).toBeCloseTo(0.075, 5);
    expect(at(8000)).toBeCloseTo(0.075, 5);
    expect(at(8000 + 6000)).toBeCloseTo(0.075 * 0.25, 5); // behind the seam of two seconds
    expect(at(15_999)).toBeCloseTo(0.075 / 8000, 6);
    const part = await mix([faded], { from: 1.6, to: 2.2 });
    for (const k of [0, 800, 5000, 9599]) expect(part.samples[k]).toBeCloseTo(samples[1.6 * RATE + k]!, 7);
    const { samples: both } = await mix([faded], { channels: 2 });
    expect([both[2 * 25_000], both[2 * 25_000 + 1]]).toEqual([samples[25_000], samples[25_000]]);
  });

  it('bends what was made too loud below full scale', async () => {
    const { samples } = await mix([{ ...clip('loud', 0, 0, 1), gain: 6 }]);
    const wanted = 0.75 * 10 ** (6 / 20);
    expect(samples[4000]).toBeCloseTo(0.8 + 0.2 * Math.tanh((wanted - 0.8) / 0.2), 4);
  });

  it('of another rate and other channels is resampled, and the same in a file', async () => {
    const clips = [clip('fast', 0.5, 0.5, 1), clip('ramp', 2, 0, 1)];
    const { samples } = await mix(clips, { rate: 44_100, channels: 2 });
    expect(samples.length).toBe(3 * 44_100 * 2);
    // A 300 Hz sine cut at a whole number of periods.
    const error = Math.max(
      ...Array.from({ length: 40_000 }, (_, k) =>
        Math.abs(samples[(22_050 + 1000 + k) * 2]! - 0.5 * Math.sin((2 * Math.PI * 300 * (1000 + k)) / 44_100)),
      ),
    );
    expect(error).toBeLessThan(0.005);
    expect(samples[50_000]).toBe(samples[50_001]);
    const file = await writeMix(tools, sounds, { clips }, { rate: 44_100, channels: 2 }, join(folder, 'mix.wav'));
    expect(file.seconds).toBe(3);
    const read = await readSound(tools, join(folder, 'mix.wav'), { rate: 44_100, channels: 2 });
    expect(read.samples.length).toBe(samples.length);
    expect(read.samples.every((sample, k) => Math.abs(sample - samples[k]!) < 1 / 16_000)).toBe(true);
  });

  it('of a sound that is gone says so, and stops when asked', async () => {
    await expect(mix([clip('loud', 0, 0, 1), clip('gone', 0.5, 0, 1)])).rejects.toMatchObject({ code: 'not-found' });
    await expect(mix([clip('loud', 0, 0, 1)], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(
      writeMix(
        tools,
        sounds,
        { clips: [clip('gone', 0, 0, 1)] },
        { rate: RATE, channels: 1 },
        join(folder, 'never.wav'),
      ),
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(rm(join(folder, 'never.wav'))).rejects.toThrow('ENOENT');
  });
});
