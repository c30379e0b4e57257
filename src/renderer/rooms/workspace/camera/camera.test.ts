import { expect, it, vi } from 'vitest';
import { EMPTY_TAKE, Take } from '../../../../shared/domain/take.ts';
import { valueAt } from '../../../../shared/domain/lanes/index.ts';
import type { LiveAvatar } from '../../../live/live-avatar.ts';
import type { WatchEvents } from '../../../live/watch.ts';
import { Camera } from './camera.ts';
import { type CameraEvents, sizeOf } from './capture.ts';

const GONE = { code: 'not-found', message: 'gone', hint: '' } as const;
const keyed = (name: 'head.yaw' | 'face.smile', values: readonly (readonly [at: number, value: number])[]): Take => ({
  ...EMPTY_TAKE,
  lanes: {
    [name]: {
      keys: values.map(([at, value], k) => ({ id: `old${k}`, at, value, curve: 'linear' as const })),
      muted: true,
      solo: false,
    },
  },
});

/** A camera whose device and avatar are this test. */
function cameraOf({ refuse, before = EMPTY_TAKE }: { readonly refuse?: unknown; readonly before?: Take } = {}) {
  const devices: { events: CameraEvents; id: string; closed: boolean }[] = [];
  const looks: { at: number; takenAt: number }[] = [];
  const edits: Take[] = [];
  let watch: WatchEvents | undefined;
  let ids = 0;
  const failed = vi.fn<(error: unknown) => void>();
  const drivers = {
    watch: (_size: unknown, _parts: unknown, events: WatchEvents) => (watch = events),
    look: (at: number, takenAt: number) => looks.push({ at, takenAt }),
    change: vi.fn<(parts: object) => void>(),
    calm: vi.fn<() => void>(),
    unwatch: vi.fn<() => void>(),
  };
  const camera = new Camera({
    open: async (id, events) => {
      if (refuse !== undefined) throw refuse;
      const device = { events, id, closed: false };
      devices.push(device);
      return { stream: {} as MediaStream, size: sizeOf(640, 480), close: () => (device.closed = true) };
    },
    avatar: () => ({ drivers }) as unknown as LiveAvatar,
    rest: () => 2,
    edit: (change) => edits.push(change(edits.at(-1) ?? before)),
    newId: () => `new${ids++}`,
    failed,
  });
  return { camera, devices, looks, edits, failed, drivers, says: () => watch! };
}

it('hands pictures on with the moment of the timeline that they were taken at, from the playhead on', async () => {
  const { camera, devices, looks, says } = cameraOf();
  camera.device.set('second');
  await camera.start();
  expect([devices[0]!.id, camera.sight.get()]).toEqual(['second', 'yet']);
  const now = performance.now();
  devices[0]!.events.taken(now + 500, () => undefined);
  devices[0]!.events.taken(now + 1000, () => undefined);
  expect(looks[1]!.at - looks[0]!.at).toBeCloseTo(0.5, 6);
  expect(looks[0]!.at).toBeGreaterThan(2.4);
  says().ready({});
  expect(camera.sight.get()).toBe('calm');
  says().driven({ at: 2.5, found: true, values: {} }, now + 500);
  expect(camera.sight.get()).toBe('calm'); // it is being learnt
  says().calm();
  says().driven({ at: 3, found: false, values: {} }, now + 1000);
  expect(camera.sight.get()).toBe('none');
});

it('keeps what was driven since the recording began, in the place of what was keyed then, in one step', async () => {
  const before = keyed('head.yaw', [
    [1, -5],
    [3, 7],
    [20, 9],
  ]);
  const { camera, edits, says } = cameraOf({ before });
  await camera.start();
  says().ready({ 'head.yaw': 0.5 });
  const earlier = performance.now() - 1;
  camera.record();
  const clock = performance.now() + 1000;
  says().driven({ at: 2, found: true, values: { 'head.yaw': 80 } }, earlier); // under way when it began
  for (let k = 0; k <= 100; k++) {
    const at = 2.1 + k / 25;
    const values = { 'head.yaw': 10 * Math.sin(k / 8), 'face.smile': 0.5, ...(k === 40 ? { 'blink.once': 1 } : {}) };
    says().driven({ at, found: true, values }, clock);
  }
  camera.stopRecording();
  expect(camera.state.get().kind).toBe('on');
  expect(edits).toHaveLength(1);
  const { lanes } = Take.parse(edits[0]);
  for (let k = 0; k <= 100; k++)
    expect(Math.abs(valueAt(lanes['head.yaw']!.keys, 2.1 + k / 25)! - 10 * Math.sin(k / 8))).toBeLessThanOrEqual(0.51);
  expect(lanes['head.yaw']!.keys.length).toBeLessThan(60);
  expect(lanes['head.yaw']!.muted).toBe(false);
  expect(valueAt(lanes['head.yaw']!.keys, 1)).toBe(-5);
  expect(valueAt(lanes['head.yaw']!.keys, 25)).toBe(9);
  expect(lanes['head.yaw']!.keys.map(({ id }) => id)).not.toContain('old1');
  expect(valueAt(lanes['face.smile']!.keys, 1)).toBe(0); // as without the recording
  expect(valueAt(lanes['face.smile']!.keys, 4)).toBe(0.5);
  expect(valueAt(lanes['face.smile']!.keys, 9)).toBe(0);
  expect(lanes['blink.once']!.keys.map(({ at }) => at)).toEqual([2.1 + 40 / 25]);
});

it('tells the avatar which parts it drives, and when a calm moment begins', async () => {
  const { camera, drivers } = cameraOf();
  await camera.start();
  camera.drive('gaze', false);
  expect(drivers.change).toHaveBeenCalledWith({
    head: true,
    gaze: false,
    brows: true,
    mouth: true,
    blinks: true,
    place: false,
    shoulders: false,
  });
  camera.calm();
  expect(drivers.calm).toHaveBeenCalledTimes(1);
  expect(camera.sight.get()).toBe('calm');
});

it('keeps what was recorded when the device goes, frees it, and says so once', async () => {
  const { camera, devices, edits, failed, drivers, says } = cameraOf();
  await camera.start();
  camera.record();
  const clock = performance.now() + 1000;
  says().driven({ at: 2.5, found: true, values: { 'head.yaw': 3 } }, clock);
  devices[0]!.events.lost(GONE);
  says().lost(GONE); // nothing that comes later counts
  expect(failed.mock.calls).toEqual([[GONE]]);
  expect([camera.state.get().kind, devices[0]!.closed, edits.length]).toEqual(['off', true, 1]);
  expect(drivers.unwatch).toHaveBeenCalledTimes(1);
});

it('leaves the take as it is where nothing was driven, and when the workspace is left', async () => {
  const { camera, edits, says } = cameraOf();
  await camera.start();
  camera.record();
  camera.stop();
  expect(edits).toEqual([EMPTY_TAKE]);
  await camera.start();
  camera.record();
  says().driven({ at: 2.5, found: true, values: { 'head.yaw': 3 } }, performance.now() + 1000);
  camera.close();
  expect(edits).toHaveLength(1);
});

it('says why it does not open, and frees one that opens too late', async () => {
  const refused = cameraOf({ refuse: GONE });
  await refused.camera.start();
  expect([refused.camera.state.get().kind, refused.failed.mock.calls]).toEqual(['off', [[GONE]]]);
  const late = cameraOf();
  const starting = late.camera.start();
  late.camera.stop();
  await starting;
  expect([late.devices[0]!.closed, late.camera.state.get().kind]).toEqual([true, 'off']);
});

it.each([
  [640, 480, 480, 360],
  [1280, 720, 640, 360],
  [720, 1280, 202, 360],
  [3840, 1080, 640, 180],
  [100, 4000, 64, 360],
])('a picture of %i by %i is handed on as %i by %i', (width, height, w, h) => {
  expect(sizeOf(width, height)).toEqual({ width: w, height: h });
});
