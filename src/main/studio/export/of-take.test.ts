import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PLAIN_SPEECH, type Take } from '../../../shared/domain/take.ts';
import { scratchFolder, tools } from '../media/clips.fixture.ts';
import { mixTake } from '../takes/index.ts';
import { withTakeMixed } from './of-take.ts';
import { waveFile } from './wave.fixture.ts';

const RATE = 16_000;
const folder = await scratchFolder();
afterAll(() => rm(folder, { recursive: true }));
beforeAll(() =>
  writeFile(
    join(folder, 'ramp.wav'),
    waveFile(
      Float32Array.from({ length: 6 * RATE }, (_, k) => (k % 8000) / 32_767),
      RATE,
    ),
  ),
);
const sounds = async (sound: string) => join(folder, `${sound}.wav`);

it('a part of a take is exported with all that the take says at hand, as the live picture hears it', async () => {
  const clips = [{ id: 'a', sound: 'ramp', at: 0.5, start: 0, seconds: 6 }];
  const take: Take = {
    version: 1,
    clips,
    pose: { kind: 'natural', seed: 4 },
    speech: PLAIN_SPEECH,
    range: { from: 3, to: 4 },
    markers: [],
  };
  const { signal } = new AbortController();
  await withTakeMixed(
    take,
    { tools, sounds, fps: 25, folder: join(folder, 'job'), signal },
    async ({ part, motion, whole }) => {
      expect(part).toEqual({ start: 1, seconds: 1 }); // of the file, which holds a second more on both sides
      expect(motion).toEqual({ first: 75, pose: take.pose });
      const heard = await whole();
      expect(heard.length).toBe(6.5 * RATE);
      expect(heard).toEqual((await mixTake(tools, sounds, take, { rate: RATE, channels: 1 })).samples);
    },
  );
});
