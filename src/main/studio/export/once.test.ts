import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { EMPTY_TAKE, PLAIN_SPEECH, type Take } from '../../../shared/domain/take.ts';
import { variedBundle } from '../engine/bundles.fixture.ts';
import type { Avatar } from '../engine/index.ts';
import type * as engineRoom from '../engine/index.ts';
import { scratchFolder, tools } from '../media/clips.fixture.ts';
import type * as mediaRoom from '../media/index.ts';
import { exportVideo, type ExportSound } from './index.ts';
import { waveFile } from './wave.fixture.ts';

const { decoded, heard } = vi.hoisted(() => ({ decoded: [] as string[], heard: [] as number[] }));
vi.mock('../media/index.ts', async (original) => {
  const media = await original<typeof mediaRoom>();
  const counted =
    <Rest extends unknown[], Answer>(decode: (tools: never, path: string, ...rest: Rest) => Answer) =>
    (them: never, path: string, ...rest: Rest): Answer => {
      decoded.push(path.split('/').at(-1)!);
      return decode(them, path, ...rest);
    };
  return { ...media, readSound: counted(media.readSound), soundBlocks: counted(media.soundBlocks) };
});
vi.mock('../engine/index.ts', async (original) => {
  const engine = await original<typeof engineRoom>();
  return {
    ...engine,
    openAvatar: async (...how: Parameters<typeof engine.openAvatar>): Promise<Avatar> => {
      const avatar = await engine.openAvatar(...how);
      const speak: Avatar['speak'] = (waveform, ...rest) => {
        heard.push(waveform.length / 16_000);
        return avatar.speak(waveform, ...rest);
      };
      return { ...avatar, speak, motion: () => Promise.reject(new Error('An export hears by one way.')) };
    },
  };
});

const folder = await scratchFolder();
afterAll(() => rm(folder, { recursive: true }));
const voice = join(folder, 'voice.wav');
let avatarPath: string;
beforeAll(async () => {
  await writeFile(
    voice,
    waveFile(
      Float32Array.from({ length: 64_000 }, (_, i) => 0.1 * Math.sin(i / 9)),
      16_000,
    ),
  );
  avatarPath = await variedBundle(join(folder, 'varied.likeness'));
});
beforeEach(() => {
  decoded.length = 0;
  heard.length = 0;
});

const take: Take = {
  ...EMPTY_TAKE,
  clips: [{ id: 'a', sound: 'source', at: 0, start: 0, seconds: 4 }],
  range: { from: 2, to: 2.2 },
};
const natural = { pose: { kind: 'natural', seed: 3 } } as const;
const drawn = { speech: { ...PLAIN_SPEECH, temperature: 0.5 } };

const ofTake = (more: Partial<Take>): ExportSound => ({
  kind: 'take',
  take: { ...take, ...more },
  sounds: async () => voice,
  folder: join(folder, 'job'),
});

it.each<[string, () => ExportSound, string[], number]>([
  ['a file', () => ({ kind: 'path', path: voice }), ['voice.wav'], 4],
  // once to be written, and what was written once to be heard
  ['a take', () => ofTake({}), ['voice.wav', 'take.wav'], 2.2],
  // once to be written and once, all of it, to be heard
  ['a take with natural movement', () => ofTake(natural), ['voice.wav', 'voice.wav'], 4],
  ['a take with a drawn mouth', () => ofTake(drawn), ['voice.wav', 'voice.wav'], 4],
  ['a take with both', () => ofTake({ ...natural, ...drawn }), ['voice.wav', 'voice.wav'], 4],
])('%s is heard once', async (_, sound, files, seconds) => {
  await exportVideo({
    tools,
    avatarPath,
    sound: sound(),
    outPath: join(folder, 'out.mp4'),
    mode: 'portrait',
    height: 64,
    threads: 1,
  });
  expect(decoded).toEqual(files);
  expect(heard).toHaveLength(1);
  expect(heard[0]).toBeCloseTo(seconds, 2);
});
