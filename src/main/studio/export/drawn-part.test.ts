import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PLAIN_SPEECH, type Take } from '../../../shared/domain/take.ts';
import { variedBundle } from '../engine/bundles.fixture.ts';
import { type Avatar, EXPRESSIONS, openAvatar } from '../engine/index.ts';
import { perform } from '../live/performance.ts';
import { variationOf } from '../takes/index.ts';
import { drawnPart } from './drawn-part.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 }); // an engine takes its time to open on a busy computer
const folder = await mkdtemp(join(tmpdir(), 'likeness-drawn-'));
let avatar: Avatar;
beforeAll(async () => {
  avatar = await openAvatar(await variedBundle(join(folder, 'varied.likeness')), { threads: 1, graph: 'fast' });
});
afterAll(async () => {
  await avatar.close();
  await rm(folder, { recursive: true });
});

const FPS = 25;
const waveform = Float32Array.from({ length: 48_000 }, (_, i) => 0.1 * Math.sin(i / 9) * (1 + Math.sin(i / 3000)));
const take: Take = {
  version: 1,
  clips: [{ id: 'a', sound: 'source', at: 0, start: 0, seconds: 3 }],
  pose: { kind: 'natural', seed: 8 },
  speech: { ...PLAIN_SPEECH, temperature: 0.6 },
  range: null,
  markers: [],
};
const lease = () => ({
  avatar,
  engineFps: null,
  stamp: '',
  spoken: new Map(),
  release: () => undefined,
  discard: () => undefined,
});
const live = (wanted: Take) => perform(lease(), wanted, async () => waveform.slice(), new AbortController().signal);

it('a part of a take has the mouth that the live picture has there, and beyond its end rests', async () => {
  const hearing = { variation: variationOf(avatar, take.speech, take.pose) };
  const whole = await drawnPart(avatar, waveform.slice(), { first: 0, frames: 75, fps: FPS }, hearing);
  const part = await drawnPart(avatar, waveform.slice(), { first: 31, frames: 20, fps: FPS }, hearing);
  expect(part).toEqual(whole.subarray(31 * EXPRESSIONS, 51 * EXPRESSIONS));
  const { aperture } = await live(take);
  const likely = (await live({ ...take, speech: PLAIN_SPEECH })).aperture;
  const again = (await live({ ...take, pose: { kind: 'natural', seed: 9 } })).aperture;
  expect(aperture).toHaveLength(75);
  for (const other of [likely, again])
    expect(other.some((value, frame) => Math.abs(value - aperture[frame]!) > 0.01)).toBe(true);
  const shown = await perform(
    lease(),
    { ...take, speech: { ...take.speech, strength: 1 } },
    async () => waveform.slice(),
    new AbortController().signal,
  );
  // coefficient 0 is not the eyes'
  for (const frame of [31, 40, 50]) expect(shown.control(frame).expression[0]).toBe(whole[frame * EXPRESSIONS]);
  const beyond = await drawnPart(avatar, waveform.slice(), { first: 70, frames: 20, fps: FPS }, {});
  expect(beyond).toHaveLength(20 * EXPRESSIONS);
  expect(Math.abs(beyond[19 * EXPRESSIONS]!)).toBeLessThan(1e-3);
});
