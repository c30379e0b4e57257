import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { LIVE_KINDS } from '../../../shared/contract/live-kinds.ts';
import { encodeLiveSound, MOST_LIVE_SAMPLES } from '../../../shared/contract/live-sound.ts';
import { changedBundle, listeningBundle } from '../engine/bundles.fixture.ts';
import type { Ear } from '../engine/index.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import { until } from './line.fixture.ts';
import { Listening } from './listening.ts';
import { engines, folder, OPEN, session, take } from './session.fixture.ts';

const path = await listeningBundle(join(folder, 'listening.likeness'));
const RATE = 16_000;
const sound = (seen: number, samples: Float32Array) => Buffer.from(encodeLiveSound({ seen, samples }));
const quiet = (seconds: number) => new Float32Array(seconds * RATE);
const loud = (seconds: number) => quiet(seconds).map((_, i) => (i % 2 === 0 ? 0.15 : -0.15));

it('shows the newest moment of a voice, each once and in order, and opens the mouth where it is loud', async () => {
  const { line, live, tell } = session({ path });
  tell(OPEN);
  tell({ type: 'take', serial: 1, take: take({ clips: [] }) });
  await line.next('ready');
  tell({ type: 'listen', serial: 7, frame: 100 });
  await line.next('listening');
  const voice = [quiet(1), loud(1)].flatMap((second) =>
    Array.from({ length: 25 }, (_, k) => second.subarray(k * 640, (k + 1) * 640)),
  );
  for (const piece of voice) {
    const drawn = line.pictures.length;
    live.receive(sound(drawn, piece));
    // as fast as pictures come: the first 200 ms have none, nor need a computer draw each
    await Promise.race([until(() => line.pictures.length > drawn), sleep(100)]);
  }
  const frames = line.pictures.map(({ frame }) => frame);
  expect(frames).toEqual([...new Set(frames)].toSorted((a, b) => a - b));
  expect(frames.every((frame) => frame >= 100 && frame < 150)).toBe(true);
  expect(new Set(line.pictures.map(({ serial }) => serial))).toEqual(new Set([7]));
  const opening = (from: number, to: number) =>
    line.pictures.filter(({ frame }) => frame >= from && frame < to).map(({ expression }) => expression[0]!);
  expect(Math.max(...opening(100, 120))).toBeLessThan(0.2);
  expect(Math.min(...opening(132, 150))).toBeGreaterThan(0.5);
});

it('asks the take again when the voice is over, and drops no wish meanwhile', async () => {
  const { line, live, tell } = session({ path });
  tell(OPEN);
  await line.next('ready');
  tell({ type: 'listen', serial: 7, frame: 0 });
  tell({ type: 'frame', serial: 8, frame: 3 });
  live.receive(sound(0, quiet(0.04)));
  await line.next('listening');
  expect(line.pictures).toEqual([]);
  tell({ type: 'hush' });
  expect((await line.picture(8)).frame).toBe(3);
  live.receive(sound(0, quiet(0.04))); // on its way when it ended
  expect(line.closed).toBe(false);
});

it('is refused by an avatar that cannot hear, and the line goes on', async () => {
  const deaf = await changedBundle(join(folder, 'deaf.likeness'), {});
  const { line, live, tell } = session({ path: deaf });
  tell(OPEN);
  await line.next('ready');
  tell({ type: 'listen', serial: 7, frame: 0 });
  live.receive(sound(0, quiet(0.04)));
  expect(await line.next('failed')).toMatchObject({ serial: 7, error: { code: 'bad-bundle' } });
  tell({ type: 'frame', serial: 8, frame: 3 });
  await line.picture(8);
});

it('a piece that is no sound ends the listening, and not the line', async () => {
  const { line, live, tell } = session({ path });
  tell(OPEN);
  await line.next('ready');
  for (const [serial, bytes] of [
    [7, new Uint8Array(8)],
    [8, new Uint8Array(11)],
    [9, new Uint8Array(8 + 2 * (MOST_LIVE_SAMPLES + 1))],
  ] as const) {
    tell({ type: 'listen', serial, frame: 0 });
    bytes[0] = LIVE_KINDS.sound;
    live.receive(bytes);
    await until(() => line.of('failed').some((reply) => reply.serial === serial));
  }
  expect(line.of('failed').map(({ error }) => error.code)).toEqual(['bad-request', 'bad-request', 'bad-request']);
  expect(line.closed).toBe(false);
});

it('ends at the hour that live pictures show, and natural motion goes on', async () => {
  const { line, live, tell } = session({ path });
  tell(OPEN);
  tell({ type: 'take', serial: 1, take: take({ clips: [], pose: { kind: 'natural', seed: 1 } }) });
  await line.next('motion');
  tell({ type: 'listen', serial: 7, frame: 100_000_000 });
  await line.next('listening');
  live.receive(sound(0, loud(1)));
  expect(await line.next('failed')).toMatchObject({ serial: 7, error: { code: 'bad-request' } });
  tell({ type: 'frame', serial: 8, frame: 3 });
  await line.picture(8);
});

it('has one ear at a time, and none for a voice that was over before', async () => {
  const { avatar, release } = await engines.lease(path);
  const listen = vi.spyOn(avatar, 'listen');
  const { line, tell } = session({ path });
  tell(OPEN);
  await line.next('ready');
  for (let serial = 10; serial < 60; serial++) tell({ type: 'listen', serial, frame: 0 });
  expect(await line.next('listening')).toMatchObject({ serial: 59 });
  expect(listen.mock.calls.length).toBeLessThan(3);
  expect(line.of('failed')).toEqual([]);
  release();
});

/** An ear that gives a row for every 10 ms, whose numbers are the row's: each call once it is let. */
function slowEar(): { ear: Ear; calls: number[]; let: () => Promise<void> } {
  let row = 0;
  const calls: number[] = [];
  const waiting: (() => void)[] = [];
  return {
    calls,
    let: async () => {
      await sleep(0);
      waiting.shift()!();
      await sleep(0);
    },
    ear: {
      hear: async (samples) => {
        calls.push(samples.length);
        await new Promise<void>((resolve) => waiting.push(resolve));
        const count = samples.length / 160;
        const rows = Float32Array.from({ length: count * EXPRESSIONS }, (_, i) => row + Math.floor(i / EXPRESSIONS));
        row += count;
        return rows;
      },
      close: () => undefined,
    },
  };
}
const listeningTo = (ear: Ear) =>
  new Listening(async () => ear, { serial: 1, first: 0, fps: 25, before: Promise.resolve(), heard: () => undefined });

it('a busy computer leaves out frames and hears every sample', async () => {
  const { ear, calls, let: go } = slowEar();
  const listening = listeningTo(ear);
  void listening.hear({ seen: 0, samples: quiet(0.12) });
  await go();
  expect(listening.next()?.frame).toBe(3); // 0.11 s, next to frame 3
  void listening.hear({ seen: 0, samples: quiet(0.04) });
  await sleep(0);
  const rest = Array.from({ length: 21 }, () => listening.hear({ seen: 0, samples: quiet(0.04) }));
  await go();
  expect(listening.next()).toBeUndefined(); // most of it waits: what is heard comes before what is seen
  await go();
  await Promise.all(rest);
  expect(calls).toEqual([1920, 640, 21 * 640]); // what waited, at once
  const shown = listening.next()!; // a second came in: the newest, and none before it
  expect([shown.frame, shown.spoken[0]]).toEqual([25, 99]);
  expect(listening.next()).toBeUndefined();
});

it('sends no more pictures than the window can show', async () => {
  const { ear, let: go } = slowEar();
  const listening = listeningTo(ear);
  const hear = async (seen: number) => {
    const heard = listening.hear({ seen, samples: quiet(0.04) });
    await go();
    await heard;
  };
  const shown: (number | undefined)[] = [];
  for (let k = 0; k < 6; k++) {
    await hear(0);
    shown.push(listening.next()?.frame);
  }
  expect(shown).toEqual([1, 2, 3, undefined, undefined, undefined]);
  await hear(1);
  expect(listening.next()?.frame).toBe(7);
});

it('gives up when it is twenty seconds behind', async () => {
  const { ear } = slowEar();
  const listening = listeningTo(ear);
  for (let k = 0; k < 20; k++) void listening.hear({ seen: 0, samples: quiet(1) });
  await expect(listening.hear({ seen: 0, samples: quiet(0.04) })).rejects.toMatchObject({ code: 'busy' });
});
