import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EMPTY_TAKE, PLAIN_SPEECH, type Take } from '../../../shared/domain/take.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import { variedBundle } from '../engine/bundles.fixture.ts';
import { type Avatar, openAvatar } from '../engine/index.ts';
import { perform } from '../live/perform.ts';
import { tools } from '../media/clips.fixture.ts';
import {
  closuresOf,
  hear,
  mannerOf,
  type Performance,
  performanceOf,
  variationOf,
  wholeSound,
} from '../takes/index.ts';
import { withSound } from './sound.ts';
import { waveFile } from './wave.fixture.ts';

const FPS = 25;
const SECONDS = 3;
const folder = await mkdtemp(join(tmpdir(), 'likeness-same-'));
const voice = join(folder, 'voice.wav');
const sounds = async () => voice;
let avatar: Avatar;
beforeAll(async () => {
  const samples = Float32Array.from({ length: 48_000 }, (_, i) => 0.1 * Math.sin(i / 9) * (1 + Math.sin(i / 3000)));
  await writeFile(voice, waveFile(samples, 16_000));
  avatar = await openAvatar(await variedBundle(join(folder, 'varied.likeness')), { threads: 1, graph: 'fast' });
});
afterAll(async () => {
  await avatar.close();
  await rm(folder, { recursive: true });
});

const take = (more: Partial<Take> = {}): Take => ({
  ...EMPTY_TAKE,
  clips: [{ id: 'a', sound: 'source', at: 0, start: 0, seconds: SECONDS }],
  pose: { kind: 'natural', seed: 8, shifts: true },
  speech: { ...PLAIN_SPEECH, temperature: 0.6 },
  ...more,
});

/** What a voice said between other things. */
const phones = async () => [
  { symbol: 'b', from: 0.3, to: 0.38 },
  { symbol: 'ɑ', from: 0.38, to: 0.6 },
  { symbol: 'm', from: 0.9, to: 0.95 },
];

const live = (wanted: Take) =>
  perform(
    {
      avatar,
      engineFps: null,
      stamp: '',
      spoken: new Map(),
      release: () => undefined,
      discard: () => undefined,
    },
    wanted,
    async (part, signal) => ({
      samples: (await wholeSound(tools, sounds, part, signal)).samples,
      closures: await closuresOf(part, phones),
    }),
    new AbortController().signal,
  );

/** Frames of a take as an export shows them: from its in to its out point. */
async function written(wanted: Take): Promise<{ readonly shown: Performance; readonly first: number; frames: number }> {
  const { pose, speech, lanes } = wanted;
  const request = { tools, mode: 'portrait', sound: { kind: 'take', take: wanted, sounds, phones, folder } } as const;
  return withSound(request, FPS, undefined, async ({ heard, first, frames }) => {
    const variation = variationOf(avatar, speech, pose, lanes);
    const said = await hear(avatar, heard, { fps: FPS, end: first + frames, variation });
    return {
      shown: performanceOf(avatar, { pose, lanes, manner: mannerOf(avatar, speech, lanes), said }),
      first,
      frames,
    };
  });
}

const lane = (...values: readonly number[]) => ({
  keys: values.map((value, k) => ({ id: `k${k}`, at: k, value, curve: 'smooth' as const })),
  muted: false,
  solo: false,
});
const LANES: Take['lanes'] = {
  'head.yaw': lane(-5, 5, 0),
  'face.jaw': lane(0, 1, -1),
  'gaze.camera': lane(1, 0),
  'blink.rate': lane(30, 60),
  'speech.strength': lane(1.5, 0.5, 1),
  'speech.temperature': lane(0, 1, 0.2),
};

it.each([
  ['a drawn mouth', { pose: { kind: 'source', startFrame: 2 } }],
  ['natural movement', { speech: { ...PLAIN_SPEECH, strength: 1.2 } }],
  ['both', {}],
  ['lanes', { lanes: LANES }],
] as const)('a part of a take with %s is to the bit what the live picture shows there', async (_, more) => {
  const whole = await live(take(more));
  const { shown, first, frames } = await written(take({ ...more, range: { from: 1.24, to: 2.04 } }));
  expect([first, frames]).toEqual([31, 20]);
  for (let frame = first; frame < first + frames; frame++)
    expect(shown.frame(frame).control).toEqual(whole.own(false).frame(frame).control);
});

it('another temperature or seed has another mouth', async () => {
  const { aperture } = await live(take());
  const others = [take({ speech: PLAIN_SPEECH }), take({ pose: { kind: 'natural', seed: 9 } })];
  for (const other of others) {
    const { aperture: theirs } = await live(other);
    expect(theirs.some((value, frame) => Math.abs(value - aperture[frame]!) > 0.01)).toBe(true);
  }
});

it('behind the last sound of a take the mouth rests', async () => {
  const { shown, first, frames } = await written(take({ speech: PLAIN_SPEECH, range: { from: 2.8, to: 3.6 } }));
  expect(shown.expression).toHaveLength((first + frames) * EXPRESSIONS);
  expect(Math.abs(shown.frame(first + frames - 1).control.expression[0]!)).toBeLessThan(1e-3);
});
