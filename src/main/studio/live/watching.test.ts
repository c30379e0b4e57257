import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { type CalmFace, type SeenFace, StudioError } from '../../../shared/contract/index.ts';
import { type CameraParts, emptyCameraMessage, LANES_OF_PART } from '../../../shared/contract/live-camera.ts';
import { LIVE_KINDS } from '../../../shared/contract/live-kinds.ts';
import { EXPRESSIONS, VERTICES } from '../../../shared/face/index.ts';
import { listeningBundle } from '../engine/bundles.fixture.ts';
import { headRotation } from '../engine/reach/angles.ts';
import type { Watcher } from '../jobs/index.ts';
import { until } from './line.fixture.ts';
import type { LiveSource } from './session.ts';
import { folder, OPEN, session, take } from './session.fixture.ts';

const SIZE = { width: 64, height: 64 };
const ALL: CameraParts = {
  head: true,
  gaze: true,
  brows: true,
  mouth: true,
  blinks: true,
  place: false,
  shoulders: false,
};
const PLACE = [0, 0, -60];
const packed = (count: number): string => Buffer.alloc(count * 4).toString('base64');
const turned = (yaw: number): number[] => [...headRotation({ yaw, pitch: 0, roll: 0 }, Float32Array.from(PLACE))];
const CALM: CalmFace = {
  neutral: packed(VERTICES * 3),
  expressionBasis: packed(EXPRESSIONS * VERTICES * 3),
  irisNeutral: packed(30),
  rotation: turned(0),
  translation: PLACE,
  focal: 80,
  principal: [32, 32],
};
const face = (yaw: number): SeenFace => ({
  rotation: turned(yaw),
  translation: PLACE,
  expression: Array.from({ length: EXPRESSIONS }, () => 0),
  gaze: [0, 0, 0, 0],
  openness: 1,
  torso: null,
});

/** A trainer that is this test: what it was shown, and what it says. */
function trainer() {
  const shown: { serial: number; bytes: number }[] = [];
  let watcher: Watcher | undefined;
  const [closed, calmed] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const follow: LiveSource['follow'] = async (_, told) => {
    watcher = told;
    return {
      look: (serial, planes) => void shown.push({ serial, bytes: planes.length }),
      calm: calmed,
      close: async () => closed(),
    };
  };
  return { follow, shown, closed, calmed, says: () => watcher! };
}
function picture(serial: number, at: number, size = SIZE): Uint8Array {
  return new Uint8Array(emptyCameraMessage({ serial, at }, size).message);
}

async function watched(path?: string) {
  const eye = trainer();
  const { line, live, tell } = session({ follow: eye.follow, ...(path === undefined ? {} : { path }) });
  tell(OPEN);
  tell({ type: 'take', serial: 1, take: take({ clips: [], pose: { kind: 'natural', seed: 1 } }) });
  await line.next('motion');
  tell({ type: 'watch', serial: 7, ...SIZE, parts: ALL });
  await until(() => eye.says() !== undefined);
  eye.says().ready();
  await line.next('watching');
  eye.says().calm(CALM);
  /** One picture after the other, each answered with a head that is turned so. */
  let serial = 100;
  const looks = async (yaw: number | null, at: number) => {
    const before = line.of('driven').length;
    serial += 1;
    await until(() => {
      if (eye.shown.at(-1)?.serial !== serial) live.receive(picture(serial, at)); // what comes too soon is left out
      return eye.shown.at(-1)?.serial === serial;
    });
    eye.says().seen(serial, yaw === null ? null : face(yaw), yaw !== null);
    return line.next('driven', before + 1);
  };
  return { eye, line, live, tell, looks };
}

it('turns the head as the camera sees it turn, and shows the newest moment by itself', async () => {
  const { line, looks } = await watched();
  for (let k = 0; k < 30; k++) await looks(0, 2 + k / 25); // until all of it is theirs
  const yaws: number[] = [];
  for (const [k, yaw] of [-6, 0, 6].entries()) {
    for (let wait = 0; wait < 30; wait++) {
      const driven = await looks(yaw, 10 + k * 2 + wait / 25);
      yaws[k] = driven.values['head.yaw']!;
    }
  }
  expect(yaws).toEqual(yaws.toSorted((a, b) => a - b));
  await until(() => line.pictures.some(({ frame }) => frame === Math.round((10 + 4 + 29 / 25) * 25)));
  expect(new Set(line.pictures.map((one) => one.serial))).toEqual(new Set([7]));
});

it('shows the trainer one picture at a time, and the newest of those that came meanwhile', async () => {
  const { eye, line, live, looks } = await watched();
  await looks(0, 1);
  const shown = eye.shown.length;
  await until(() => {
    live.receive(picture(500, 1.1));
    return eye.shown.length > shown;
  });
  for (let serial = 501; serial < 600; serial++) live.receive(picture(serial, 1.2));
  expect(eye.shown.length).toBe(shown + 1);
  const answered = line.of('driven').length;
  eye.says().seen(499, face(0), true); // nobody asked for that
  expect(line.of('driven').length).toBe(answered);
  eye.says().seen(500, face(0), true);
  await until(() => {
    live.receive(picture(599, 1.2)); // what comes too soon after the last is left out
    return eye.shown.length > shown + 1;
  });
  expect(eye.shown.at(-1)).toEqual({ serial: 599, bytes: 64 * 96 });
});

it('a trainer sees nothing before it is ready, is told of a calm moment, and let go at the end', async () => {
  const eye = trainer();
  const { line, live, tell } = session({ follow: eye.follow });
  tell(OPEN);
  await line.next('ready');
  tell({ type: 'watch', serial: 7, ...SIZE, parts: ALL });
  await until(() => eye.says() !== undefined);
  live.receive(picture(1, 0));
  expect(eye.shown).toEqual([]);
  eye.says().ready();
  await until(() => eye.shown.length === 1);
  tell({ type: 'calm' });
  await until(() => eye.calmed.mock.calls.length === 1);
  tell({ type: 'unwatch' });
  await until(() => eye.closed.mock.calls.length === 1);
  live.receive(picture(2, 0)); // on its way when it ended
  tell({ type: 'frame', serial: 8, frame: 3 });
  expect((await line.picture(8)).frame).toBe(3);
  expect(line.closed).toBe(false);
});

it('a line that goes takes its trainer along', async () => {
  const { eye, live } = await watched();
  live.close();
  await until(() => eye.closed.mock.calls.length > 0);
  expect(eye.closed).toHaveBeenCalledTimes(1);
});

it('a trainer that is lost, or never comes, is told once, and the line goes on', async () => {
  const { eye, line, tell } = await watched();
  eye.says().lost(new StudioError({ code: 'interrupted', message: 'Gone.', hint: '' }));
  expect(await line.next('failed')).toMatchObject({ serial: 7, error: { code: 'interrupted' } });
  tell({ type: 'frame', serial: 8, frame: 3 });
  await line.picture(8);
  const { line: other, tell: say } = session(); // where none is set up
  say(OPEN);
  await other.next('ready');
  say({ type: 'watch', serial: 9, ...SIZE, parts: ALL });
  expect(await other.next('failed')).toMatchObject({ serial: 9, error: { code: 'missing-tool' } });
  expect(other.closed).toBe(false);
});

it.each([
  ['of another size', picture(1, 0, { width: 66, height: 64 })],
  ['of no size', picture(1, 0).subarray(0, 16)],
  ['before the timeline', picture(1, -1)],
  ['of no moment', picture(1, Number.NaN)],
  ['behind all timelines', picture(1, 1e9)],
  ['behind the hour that live pictures show', picture(1, 3700)], // what happens there takes as long to find out
])('a picture %s ends the watching, and not the line', async (_, message) => {
  const { eye, line, live, tell } = await watched();
  live.receive(message);
  expect(await line.next('failed')).toMatchObject({ serial: 7, error: { code: 'bad-request' } });
  await until(() => eye.closed.mock.calls.length === 1);
  tell({ type: 'frame', serial: 8, frame: 3 });
  await line.picture(8);
  expect(line.closed).toBe(false);
});

it('of cameras that follow each other at once none begins before the one before it is let go', async () => {
  let letGo: (() => void) | undefined;
  let [running, begun, most] = [0, 0, 0];
  const follow: LiveSource['follow'] = async () => {
    begun += 1;
    running += 1;
    most = Math.max(most, running);
    return {
      look: () => undefined,
      calm: () => undefined,
      close: () =>
        new Promise((resolve) => {
          letGo = () => {
            running -= 1;
            resolve();
          };
        }),
    };
  };
  const { line, tell } = session({ follow });
  tell(OPEN);
  await line.next('ready');
  tell({ type: 'watch', serial: 7, ...SIZE, parts: ALL });
  await until(() => begun === 1);
  for (let serial = 8; serial < 40; serial++) tell({ type: 'watch', serial, ...SIZE, parts: ALL });
  tell({ type: 'frame', serial: 50, frame: 3 }); // the line goes on meanwhile
  tell({ type: 'unwatch' });
  tell({ type: 'unwatch' });
  tell({ type: 'watch', serial: 60, ...SIZE, parts: ALL });
  await until(() => letGo !== undefined);
  letGo!();
  await until(() => begun === 2);
  expect([running, most]).toEqual([1, 1]);
});

it.each([
  ['a picture of a camera that nobody announced', picture(1, 0)],
  ['a kind that is none', new Uint8Array(64).fill(LIVE_KINDS.camera)],
  ['less than a kind', new Uint8Array(3)],
])('%s ends the line', async (_, message) => {
  const { line, live, tell } = session();
  tell(OPEN);
  await line.next('ready');
  live.receive(message);
  expect(line.of('failed')).toMatchObject([{ serial: null, error: { code: 'bad-request' } }]);
  expect(line.closed).toBe(true);
});

it('the mouth is a voice’s while one is heard', async () => {
  const { line, tell, looks } = await watched(await listeningBundle(join(folder, 'listening.likeness')));
  const mouths = async (at: number) =>
    Object.keys((await looks(0, at)).values).filter((name) =>
      (LANES_OF_PART.mouth as readonly string[]).includes(name),
    );
  const before = await mouths(1);
  expect(before.length).toBeGreaterThan(0);
  tell({ type: 'listen', serial: 20, frame: 0 });
  await line.next('listening');
  expect(await mouths(2)).toEqual([]);
  tell({ type: 'hush' });
  expect(await mouths(3)).toEqual(before);
});
