import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EMPTY_TAKE, PLAIN_SPEECH, type Take } from '../../../shared/domain/take.ts';
import { scratchFolder, tools } from '../media/clips.fixture.ts';
import { mixTake } from '../takes/mix.ts';
import { OWN_WAVE } from '../media/index.ts';
import { directionsOf, withSound } from './sound.ts';
import { waveFile } from './wave.fixture.ts';

const RATE = 16_000;
const folder = await scratchFolder();
afterAll(() => rm(folder, { recursive: true }));
const ramp = Float32Array.from({ length: 6 * RATE }, (_, k) => (k % 8000) / 32_767);
beforeAll(() => writeFile(join(folder, 'ramp.wav'), waveFile(ramp, RATE)));
const sounds = async (sound: string) => join(folder, `${sound}.wav`);
const take: Take = {
  ...EMPTY_TAKE,
  clips: [{ id: 'a', sound: 'ramp', at: 0.5, start: 0, seconds: 6 }],
  range: { from: 3, to: 4 },
};
const prepared = <T>(of: Take, use: Parameters<typeof withSound<T>>[3], mode: 'dub' | 'portrait' = 'portrait') =>
  withSound(
    { tools, mode, sound: { kind: 'take', take: of, sounds, folder: join(folder, 'job') } },
    25,
    undefined,
    use,
  );

it('a part of a take is written alone, and heard with a second around it', async () => {
  const path = await prepared(take, async (sound) => {
    expect(sound).toMatchObject({ start: 1, seconds: 1, first: 75, frames: 25, sounds: ['ramp'] });
    expect(sound.heard.begins).toBe(50);
    expect(sound.heard.samples).toHaveLength(3 * RATE);
    return sound.path;
  });
  await expect(access(path)).rejects.toThrow('ENOENT');
});

it.each([
  ['its head moves naturally', { pose: { kind: 'natural', seed: 4 } }, 'portrait'],
  ['its mouth is drawn', { speech: { ...PLAIN_SPEECH, temperature: 0.3 } }, 'dub'],
] as const)('of a take all is heard, as live, where %s', async (_, more, mode) => {
  const { samples } = await mixTake(tools, sounds, take, { rate: RATE, channels: 1 });
  await prepared(
    { ...take, ...more },
    async ({ heard, ...rest }) => {
      expect(rest).toMatchObject({ start: 1, seconds: 1, first: 75, frames: 25 });
      expect([heard.begins, heard.samples.length]).toEqual([0, 6.5 * RATE]);
      expect(heard.samples).toEqual(samples);
    },
    mode,
  );
});

it('natural movement is none of a dub, whose head moves as it was filmed', async () => {
  const natural = { ...take, pose: { kind: 'natural', seed: 4 } } as const;
  const { heard } = await prepared(natural, async (sound) => sound, 'dub');
  expect([heard.begins, heard.samples.length]).toEqual([50, 3 * RATE]);
});

it('all of a take is heard where a temperature is keyed, and the pose that is keyed is none of a dub', async () => {
  const lane = (value: number) => ({
    keys: [{ id: 'k', at: 0, value, curve: 'smooth' as const }],
    muted: false,
    solo: false,
  });
  const varied = { ...take, lanes: { 'speech.temperature': lane(0.4) } };
  expect((await prepared(varied, async (sound) => sound, 'dub')).heard.begins).toBe(0);
  const keyed = { ...take, lanes: { 'head.yaw': lane(5), 'face.smile': lane(1), 'gaze.yaw': lane(2) } };
  const directions = (mode: 'dub' | 'portrait') =>
    directionsOf({ mode, sound: { kind: 'take', take: keyed, sounds, folder } });
  expect(Object.keys(directions('portrait').lanes)).toEqual(['head.yaw', 'face.smile', 'gaze.yaw']);
  expect(directions('portrait').ignoredLanes).toEqual([]);
  expect(Object.keys(directions('dub').lanes)).toEqual(['face.smile', 'gaze.yaw']);
  expect(directions('dub').ignoredLanes).toEqual(['head.yaw']);
});

it('a part that is silent is refused', async () => {
  const silent = prepared({ ...take, range: { from: 0, to: 0.4 } }, async () => undefined);
  await expect(silent).rejects.toMatchObject({ code: 'bad-audio' });
});

it('a file is heard whole, and its part lies at the beginning of the timeline', async () => {
  const part = { start: 2, seconds: 1.5 };
  const sound = { kind: 'path', path: join(folder, 'ramp.wav'), part } as const;
  await withSound({ tools, mode: 'portrait', sound }, 25, undefined, async ({ heard, ...rest }) => {
    const whole = { first: 0, frames: 38 };
    expect(rest).toEqual({ path: sound.path, track: OWN_WAVE, ...part, ...whole, whole });
    expect([heard.begins, heard.samples.length]).toEqual([-50, 6 * RATE]);
  });
});
