import { expect, it, vi } from 'vitest';
import type { LiveAvatar } from '../../../live/live-avatar.ts';
import type { CaptureEvents } from './capture.ts';
import { Microphone } from './microphone.ts';

const UNPLUGGED = { code: 'not-found', message: 'gone', hint: '' } as const;

/** A microphone whose device is this test: what it said, and where that went. */
function microphoneOf({ refuse }: { readonly refuse?: unknown } = {}) {
  const devices: { events: CaptureEvents; id: string; closed: boolean }[] = [];
  const heard: number[] = [];
  const listened: number[] = [];
  const kept: { file: File; at: number }[] = [];
  const failed = vi.fn<(error: unknown) => void>();
  const hushed = vi.fn<() => void>();
  let playhead = 2;
  const microphone = new Microphone({
    open: async (id, events) => {
      if (refuse !== undefined) throw refuse;
      const device = { events, id, closed: false };
      devices.push(device);
      return { rate: 48_000, level: () => 0, close: () => (device.closed = true) };
    },
    avatar: () =>
      ({
        drivers: {
          listen: (seconds: number) => listened.push(seconds),
          hear: (samples: Float32Array) => heard.push(...samples),
          hush: hushed,
        },
      }) as unknown as LiveAvatar,
    rest: () => playhead,
    keep: async (file, at) => void kept.push({ file, at }),
    failed,
  });
  return { microphone, devices, heard, listened, kept, failed, hushed, seek: (to: number) => (playhead = to) };
}
const piece = (level: number) => new Float32Array(4800).fill(level);

it('hands what it hears to the avatar, a third as many samples of 48 kHz, from the playhead on', async () => {
  const { microphone, devices, heard, listened } = microphoneOf();
  microphone.device.set('second');
  await microphone.start();
  expect([devices[0]!.id, listened]).toEqual(['second', [2]]);
  for (let k = 0; k < 10; k++) devices[0]!.events.heard(piece(0.5));
  expect(heard.length).toBeGreaterThan(15_900);
  expect(heard.length).toBeLessThanOrEqual(16_000);
  expect(heard[8000]).toBeCloseTo(0.5, 2);
  expect(microphone.state.get().kind).toBe('on');
});

it('keeps every sample of a recording as 16 bits, where the playhead was', async () => {
  const { microphone, devices, kept, seek } = microphoneOf();
  await microphone.start();
  devices[0]!.events.heard(piece(0.9)); // not recorded
  seek(3.2);
  await microphone.record('Mine');
  devices[0]!.events.heard(piece(0.25));
  devices[0]!.events.heard(piece(-2)); // cut off, not wrapped
  await microphone.stopRecording();
  devices[0]!.events.heard(piece(0.9));
  expect(microphone.state.get().kind).toBe('on');
  const [{ file, at }] = kept as [{ file: File; at: number }];
  expect([file.name, file.type, at, kept.length]).toEqual(['Mine.wav', 'audio/wav', 3.2, 1]);
  const bytes = new DataView(await file.arrayBuffer());
  expect(bytes.byteLength).toBe(44 + 2 * 9600);
  expect([bytes.getUint32(24, true), bytes.getUint16(34, true), bytes.getUint32(40, true)]).toEqual([
    48_000, 16, 19_200,
  ]);
  expect([bytes.getInt16(44, true), bytes.getInt16(44 + 2 * 4800, true)]).toEqual([8192, -32_767]);
});

it('goes on for a recording alone, and off after it', async () => {
  const { microphone, devices, kept, hushed } = microphoneOf();
  await microphone.record('Mine');
  expect(microphone.state.get().kind).toBe('recording');
  devices[0]!.events.heard(piece(0.1));
  await microphone.stopRecording();
  expect([microphone.state.get().kind, devices[0]!.closed, kept.length]).toEqual(['off', true, 1]);
  expect(hushed).toHaveBeenCalled();
});

it('keeps what was recorded when the device goes away, and says so', async () => {
  const { microphone, devices, kept, failed } = microphoneOf();
  await microphone.record('Mine');
  devices[0]!.events.heard(piece(0.1));
  devices[0]!.events.lost(UNPLUGGED);
  devices[0]!.events.heard(piece(0.1));
  expect([microphone.state.get().kind, kept.length, kept[0]!.file.size]).toEqual(['off', 1, 44 + 9600]);
  expect(failed).toHaveBeenCalledExactlyOnceWith(UNPLUGGED);
});

it('says why it cannot be opened, and can be tried again', async () => {
  const { microphone, failed } = microphoneOf({ refuse: UNPLUGGED });
  await microphone.record('Mine');
  expect(microphone.state.get().kind).toBe('off');
  await microphone.start();
  expect(failed).toHaveBeenCalledTimes(2);
});

it('one that is put off while it is asked for is closed when it comes', async () => {
  const { microphone, devices, listened } = microphoneOf();
  const starting = microphone.start();
  await microphone.stop();
  await starting;
  expect([microphone.state.get().kind, devices[0]!.closed, listened]).toEqual(['off', true, []]);
});

it('a workspace that is left keeps nothing and closes it', async () => {
  const { microphone, devices, kept } = microphoneOf();
  await microphone.record('Mine');
  devices[0]!.events.heard(piece(0.1));
  microphone.close();
  expect([microphone.state.get().kind, devices[0]!.closed, kept]).toEqual(['off', true, []]);
});
