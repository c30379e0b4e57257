import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_TAKE, type Take } from '../../../shared/domain/take.ts';
import { TINY } from '../engine/bundles.fixture.ts';
import { ffmpeg, scratchFolder, tools } from '../media/clips.fixture.ts';
import { writePng } from '../media/index.ts';
import { exportFrame } from './index.ts';
import { performed } from './performed.ts';
import type { FrameRequest } from './request.ts';
import { waveFile } from './wave.fixture.ts';

const RATE = 16_000;
const FPS = 25;
const folder = await scratchFolder();
const source = join(folder, 'source.mp4');
const voice = join(folder, 'voice.wav');
afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  // As many frames, and of the size, that the tiny avatar says it was made from; then silence.
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x128:r=25:d=0.8', '-pix_fmt', 'yuv420p', source);
  const samples = Float32Array.from({ length: 4 * RATE }, (_, i) =>
    i < 2 * RATE ? 0.2 * Math.sign(Math.sin(i / 6)) * Math.sin(i / 1500) : 0,
  );
  await writeFile(voice, waveFile(samples, RATE));
});

const take = (more: Partial<Take> = {}): Take => ({
  ...EMPTY_TAKE,
  clips: [{ id: 'a', sound: 'source', at: 0, start: 0, seconds: 4 }],
  ...more,
});

const ask = (name: string, at: number, more: Partial<FrameRequest> & { readonly take?: Take } = {}): FrameRequest => {
  const { take: asked = take(), ...rest } = more;
  return {
    tools,
    avatarPath: TINY,
    source,
    outPath: join(folder, name),
    mode: 'portrait',
    height: 120,
    threads: 1,
    sound: { kind: 'take', name: 'Take 1', take: asked, sounds: async () => voice, folder, at },
    ...rest,
  };
};

const pixels = async (path: string) => {
  const { width, height, data } = PNG.sync.read(await readFile(path));
  return { width, height, sum: createHash('sha256').update(data).digest('hex') };
};

/** The frames of a take that an export of it draws, each as the same pixels in a PNG of its own. */
async function exported({ sound, ...request }: FrameRequest, wanted: readonly number[]) {
  const { at: _, ...whole } = sound;
  const found = new Map<number, Awaited<ReturnType<typeof pixels>>>();
  await performed(
    { ...request, sound: whole },
    () => undefined,
    undefined,
    async ({ job, draw }) => {
      const pictures = draw('rgba');
      let frame = job.sound.first;
      for await (const { picture } of pictures.pictures) {
        const path = join(folder, 'one.png');
        const drawn = await picture;
        if (wanted.includes(frame)) {
          await writePng(tools, { path, picture: drawn, pixelFormat: pictures.format, texts: {} });
          found.set(frame, await pixels(path));
        }
        frame += 1;
      }
    },
  );
  return wanted.map((frame) => found.get(frame));
}

const LANES: Take['lanes'] = {
  'head.yaw': {
    keys: [
      { id: 'a', at: 0, value: -4, curve: 'linear' },
      { id: 'b', at: 4, value: 4, curve: 'linear' },
    ],
    muted: false,
    solo: false,
  },
};

describe('a frame of a take', () => {
  it.each([
    ['a portrait', 'portrait', take({ lanes: LANES }), [17, 60]],
    ['a portrait that moves by itself', 'portrait', take({ pose: { kind: 'natural', seed: 8 } }), [3, 40]],
    // The track says that there is no face in row 12: the driven one comes and goes beside it.
    ['a dub', 'dub', take(), [10, 13, 38]],
    ['a dub from in to out', 'dub', take({ range: { from: 0.4, to: 0.6 } }), [10, 14]],
  ] as const)('is to the pixel what an export shows there: %s', async (_, mode, asked, frames) => {
    const how = { mode, take: asked };
    const shown = await exported(ask('whole.mp4', 0, how), frames);
    const found = [];
    for (const frame of frames) {
      const result = await exportFrame(ask('frame.png', (frame + 0.5) / FPS, how));
      expect(result).toMatchObject({ frame, seconds: frame / FPS });
      found.push(await pixels(result.path));
    }
    expect(found).toEqual(shown);
    expect(new Set(shown.map((one) => one?.sum)).size).toBeGreaterThan(1);
  });

  it('of a dub far behind its beginning differs by its grain alone', async () => {
    const how = { mode: 'dub', height: 'source' } as const;
    await exported(ask('whole.mp4', 0, how), [99]);
    const whole = PNG.sync.read(await readFile(join(folder, 'one.png')));
    const { path } = await exportFrame(ask('late.png', 99 / FPS, how));
    const { data } = PNG.sync.read(await readFile(path));
    const differences = data.map((value, i) => Math.abs(value - whole.data[i]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(8);
    expect(differences.reduce((sum, one) => sum + one, 0) / data.length).toBeLessThan(0.1);
  });

  it('outside in and out is as in an export of all of the take', async () => {
    const frame = await exportFrame(
      ask('outside.png', 0.5, { mode: 'dub', take: take({ range: { from: 1, to: 2 } }) }),
    );
    expect([await pixels(frame.path)]).toEqual(await exported(ask('whole.mp4', 0, { mode: 'dub' }), [12]));
  });

  it('may be silent, and lie behind the last sound or on a take without any', async () => {
    for (const [at, asked] of [
      [3, take()],
      [6, take()],
      [0, take({ clips: [] })],
    ] as const)
      expect(await exportFrame(ask('silent.png', at, { take: asked }))).toMatchObject({ frame: at * FPS });
  });

  it('says what it is, in the file and beside it, and takes the place of one that was there', async () => {
    await writeFile(join(folder, 'marked.png'), 'before');
    const { path, provenance, width, height } = await exportFrame(ask('marked.png', 1));
    const bytes = await readFile(path);
    expect(bytes.includes('iTXtcomment\0\0\0\0\0The face in this picture was generated by software.')).toBe(true);
    expect(bytes.includes('iTXtdigitalSourceType')).toBe(true);
    expect(await pixels(path)).toMatchObject({ width, height });
    expect(height).toBe(120);
    const record = JSON.parse(await readFile(provenance, 'utf8')) as Record<string, unknown>;
    expect(record).toMatchObject({
      disclosure: 'The face in this picture was generated by software.',
      digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      output: { sha256: createHash('sha256').update(bytes).digest('hex'), frame: 25, seconds: 1, fps: 25 },
      take: 'Take 1',
      audio: { sounds: ['source'] },
      consent: { basis: 'synthetic', id: 'tiny' },
    });
    expect((await readdir(folder)).filter((name) => name.startsWith('.') || name === 'take.wav')).toEqual([]);
  });
});
