import { access, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_TAKE, type Take } from '../../../shared/domain/take.ts';
import { TINY } from '../engine/bundles.fixture.ts';
import { waveFile } from './wave.fixture.ts';
import { ffmpeg, scratchFolder, tools } from '../media/clips.fixture.ts';
import { type Frame, probeVideo, readFrames, readSound } from '../media/index.ts';
import { verifyFile } from '../verify/index.ts';
import { exportVideo } from './index.ts';

const RATE = 16_000;
const folder = await scratchFolder();
const source = join(folder, 'source.mp4');
afterAll(() => rm(folder, { recursive: true }));

/** A buzz from `from` to `to` seconds in `seconds` of silence. */
async function beep(name: string, seconds: number, from: number, to: number): Promise<string> {
  const samples = Float32Array.from({ length: Math.round(seconds * RATE) }, (_, i) =>
    i >= from * RATE && i < to * RATE ? 0.2 * Math.sign(Math.sin(i / 6)) : 0,
  );
  const path = join(folder, name);
  await writeFile(path, waveFile(samples, RATE));
  return path;
}

async function frames(path: string): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of readFrames(tools, await probeVideo(tools, path))) all.push(frame);
  return all;
}

function meanDifference(a: Frame, b: Frame, inside: (x: number, y: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let pixel = 0; pixel < a.width * a.height; pixel++) {
    if (!inside((pixel % a.width) / a.width, Math.floor(pixel / a.width) / a.height)) continue;
    for (let c = 0; c < 3; c++) sum += Math.abs(a.pixels[pixel * 3 + c]! - b.pixels[pixel * 3 + c]!);
    count += 3;
  }
  return sum / count;
}

/** Time at which a signal first crosses the middle of its range, linear between frames. */
function onset(values: readonly number[], times: readonly number[]): number {
  const middle = (Math.min(...values) + Math.max(...values)) / 2;
  const after = values.findIndex((value, i) => i > 0 && (value - middle) * (values[0]! - middle) < 0);
  const share = (middle - values[after - 1]!) / (values[after]! - values[after - 1]!);
  return times[after - 1]! + share * (times[after]! - times[after - 1]!);
}

beforeAll(async () => {
  // As many frames, and of the size, that the tiny avatar says it was made from.
  await ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=160x128:r=25:d=0.8',
    '-c:v',
    'libx264',
    '-crf',
    '10',
    '-pix_fmt',
    'yuv420p',
    source,
  );
});

describe('portrait export', () => {
  it('is as long as its sound, with sound and mouth together within 20 ms', async () => {
    const audioPath = await beep('sync.wav', 2.5, 1, 2);
    const outPath = join(folder, 'portrait.mp4');
    const result = await exportVideo({
      tools,
      avatarPath: TINY,
      sound: { kind: 'path', path: audioPath },
      outPath,
      mode: 'portrait',
      height: 120,
      threads: 1,
    });
    expect(result).toMatchObject({ path: outPath, frames: 63, seconds: 2.5 });
    const pictures = await frames(outPath);
    expect(pictures.length).toBe(63);
    expect(pictures[0]!.height).toBe(120);
    expect(pictures[0]!.width % 2).toBe(0);
    const sound = await readSound(tools, outPath);
    expect(Math.abs(sound.samples.length / RATE - 2.5)).toBeLessThan(0.02);
    expect(Math.abs(pictures.at(-1)!.time + 1 / 25 - 2.5)).toBeLessThanOrEqual(0.0201);
    // The open mouth is the only thing here with little blue: its area against the sound's own first sample.
    const open = pictures.map(({ pixels }) =>
      pixels.reduce((count, value, i) => count + (i % 3 === 0 && pixels[i + 2]! < 45 && value > 120 ? 1 : 0), 0),
    );
    const heard = sound.samples.findIndex((sample) => Math.abs(sample) > 0.05) / RATE;
    expect(Math.max(...open)).toBeGreaterThan(20);
    expect(Math.abs(heard - 1)).toBeLessThan(0.01); // AAC is heard a little early
    expect(
      Math.abs(
        onset(
          open,
          pictures.map(({ time }) => time),
        ) - heard,
      ),
    ).toBeLessThan(0.02);
  });

  it('says what it is, in the file and beside it', async () => {
    const outPath = join(folder, 'marked.mp4');
    const result = await exportVideo({
      tools,
      avatarPath: TINY,
      sound: { kind: 'path', path: await beep('short.wav', 0.3, 0, 0.3) },
      outPath,
      mode: 'portrait',
      height: 64,
      threads: 1,
    });
    const sidecar = JSON.parse(await readFile(result.provenance, 'utf8')) as Record<string, Record<string, unknown>>;
    expect(sidecar).toMatchObject({
      digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      mode: 'portrait',
      consent: { basis: 'synthetic', id: 'tiny' },
      avatar: { name: 'Tiny' },
    });
    const bytes = await readFile(outPath);
    expect(bytes.includes('trainedAlgorithmicMedia')).toBe(true);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat')); // plays before it is all there
    expect(sidecar.output!.sha256).toBe((await import('node:crypto')).createHash('sha256').update(bytes).digest('hex'));
  });

  it.each(['portrait', 'dub'] as const)('carries the watermark of its avatar: a %s', async (mode) => {
    const outPath = join(folder, `watermark-${mode}.mp4`);
    const sound = { kind: 'path', path: await beep('short.wav', 0.3, 0, 0.3) } as const;
    const film = { outPath, mode, height: 320, threads: 1 } as const;
    const { provenance } = await exportVideo({ tools, avatarPath: TINY, source, sound, ...film });
    const { avatar } = JSON.parse(await readFile(provenance, 'utf8')) as { avatar: { id: string } };
    expect(await verifyFile(tools, outPath, async () => ({ kind: 'none' }))).toMatchObject({
      sureness: 'sure',
      watermark: { kind: 'found', avatar: avatar.id.slice(0, 9) },
      record: { kind: 'matches' },
    });
  });

  it('stops when asked and leaves nothing behind', async () => {
    const stop = new AbortController();
    const outPath = join(folder, 'stopped.mp4');
    const audioPath = await beep('long.wav', 20, 0, 20);
    const work = exportVideo(
      {
        tools,
        avatarPath: TINY,
        sound: { kind: 'path', path: audioPath },
        outPath,
        mode: 'portrait',
        height: 120,
        threads: 1,
      },
      ({ stage, done }) => stage === 'frames' && done === 5 && stop.abort(),
      stop.signal,
    );
    await expect(work).rejects.toEqual(expect.objectContaining({ code: 'cancelled' }));
    expect((await readdir(folder)).filter((name) => name.includes('stopped'))).toEqual([]);
  });

  it('refuses silence', async () => {
    const work = exportVideo({
      tools,
      avatarPath: TINY,
      sound: { kind: 'path', path: await beep('silence.wav', 1, 2, 3) },
      outPath: join(folder, 'x.mp4'),
      mode: 'portrait',
      height: 64,
    });
    await expect(work).rejects.toEqual(expect.objectContaining({ code: 'bad-audio' }));
    await expect(access(join(folder, 'x.mp4'))).rejects.toThrow('ENOENT');
  });
});

describe('dub export', () => {
  it('loops a source shorter than its sound, changes the face and nothing else', async () => {
    const outPath = join(folder, 'dub.mp4');
    const result = await exportVideo({
      tools,
      avatarPath: TINY,
      source,
      sound: { kind: 'path', path: await beep('dub.wav', 2, 0.5, 1) },
      outPath,
      mode: 'dub',
      height: 'source',
      threads: 1,
    });
    expect(result.frames).toBe(50);
    const originals = await frames(source);
    const dubbed = await frames(outPath);
    expect(dubbed.length).toBe(50);
    expect([dubbed[0]!.width, dubbed[0]!.height]).toEqual([160, 128]);
    const rim = (x: number, y: number) => x < 0.15 || x > 0.85 || y < 0.06;
    const face = (x: number, y: number) => Math.hypot(x - 0.5, (y - 0.5) * 0.8) < 0.08;
    const shown = dubbed.map((picture, frame) => {
      const row = frame % 38 < 20 ? frame % 38 : 38 - (frame % 38);
      return {
        row,
        outside: meanDifference(picture, originals[row]!, rim),
        inside: meanDifference(picture, originals[row]!, face),
      };
    });
    expect(Math.max(...shown.map(({ outside }) => outside))).toBeLessThan(4); // one more encoding, no more
    const untouched = shown.filter(({ row }) => row === 12); // the track says there is no face here
    const driven = shown.filter(({ row }) => row < 8 || row > 16); // far enough from it for the fade to be over
    expect(untouched.length).toBe(2);
    expect(Math.max(...untouched.map(({ inside }) => inside))).toBeLessThan(8);
    expect(Math.min(...driven.map(({ inside }) => inside))).toBeGreaterThan(30);
  });

  it.each([
    [
      'shows the source from where its motion is taken',
      { kind: 'source', startFrame: 9 },
      [16, 17, 18, 19, 18, 17, 16, 15, 14, 13],
    ],
    [
      'moves as it was filmed where a portrait holds one frame',
      { kind: 'still', frame: 3 },
      [7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    ],
  ] as const)('%s', async (_, pose, shown) => {
    const outPath = join(folder, 'later.mp4');
    const sound = await beep('later.wav', 0.68, 0, 0.68);
    const take: Take = {
      ...EMPTY_TAKE,
      clips: [{ id: 'a', sound: 'source', at: 0, start: 0, seconds: 0.68 }],
      pose,
      range: { from: 0.28, to: 0.68 },
    };
    await exportVideo({
      tools,
      avatarPath: TINY,
      source,
      sound: { kind: 'take', take, sounds: async () => sound, folder },
      outPath,
      mode: 'dub',
      height: 'source',
      threads: 1,
    });
    const originals = await frames(source);
    const rim = (x: number, y: number) => x < 0.15 || x > 0.85 || y < 0.06;
    const rows = (await frames(outPath)).map((picture) => {
      const differences = originals.map((original) => meanDifference(picture, original, rim));
      return differences.indexOf(Math.min(...differences));
    });
    expect(rows).toEqual(shown);
  });

  it('asks for the video the avatar was made from', async () => {
    const audioPath = await beep('any.wav', 0.2, 0, 0.2);
    const ask = {
      tools,
      avatarPath: TINY,
      sound: { kind: 'path', path: audioPath },
      outPath: join(folder, 'y.mp4'),
      mode: 'dub',
      height: 'source',
      threads: 1,
    } as const;
    await expect(exportVideo(ask)).rejects.toEqual(expect.objectContaining({ code: 'bad-request' }));
    const other = join(folder, 'other.mp4');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=96x96:r=25:d=0.4', '-pix_fmt', 'yuv420p', other);
    await expect(exportVideo({ ...ask, source: other })).rejects.toEqual(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining('160x128') }),
    );
  });
});
