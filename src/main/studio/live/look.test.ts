import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveLook } from '../../../shared/contract/live.ts';
import { type Background, rgbOf } from '../../../shared/domain/film/index.ts';
import { TINY } from '../engine/bundles.fixture.ts';
import { openAvatar } from '../engine/index.ts';
import { exportFrame } from '../export/index.ts';
import { waveFile } from '../export/wave.fixture.ts';
import { scratchFolder, tools } from '../media/clips.fixture.ts';
import { Audience } from './audience.ts';
import { Engines } from './engines.ts';
import { TestLine } from './line.fixture.ts';
import { noCamera, OPEN, plain, take } from './session.fixture.ts';
import { LiveSession } from './session.ts';

const ROWS = 200;
const FRAME = 30;
const COLOUR = '#1e3a5f';
/** What the watermark changes, which is stronger in pictures as small as these. */
const LEVELS = { most: 8, mean: 1 };
/** Silence: a voice is mixed at another rate for a film, and the tiny avatar's noise shows the least of that. */
const waveform = new Float32Array(32_000);

// With the graph that exports draw with.
const engines = new Engines(() => 1, { open: (path, options) => openAvatar(path, { ...options, graph: 'best' }) });
const folder = await scratchFolder();
const voice = join(folder, 'voice.wav');
beforeAll(() => writeFile(voice, waveFile(waveform, 16_000)));
const open: LiveSession[] = [];
afterAll(async () => {
  for (const session of open) session.close();
  await engines.close();
  await rm(folder, { recursive: true });
});

function lineOn(audience = new Audience()) {
  const line = new TestLine();
  const mix = async () => ({ samples: waveform.slice(), closures: [] });
  const live = new LiveSession({ engines, audience, avatarPath: async () => TINY, follow: noCamera, mix }, line);
  open.push(live);
  const tell = (message: object) => live.receive(JSON.stringify(message));
  tell({ ...OPEN, height: ROWS });
  tell({ type: 'take', serial: 1, take: take() });
  let serial = 100;
  const picture = (look?: LiveLook) => {
    if (look) tell({ type: 'look', ...look });
    tell({ type: 'frame', serial: ++serial, frame: FRAME });
    return line.picture(serial);
  };
  return { line, picture };
}

async function written(shape: LiveLook['shape'], background: Background): Promise<PNG> {
  const outPath = join(folder, 'frame.png');
  const sound = { kind: 'take', name: 'A', take: take(), sounds: async () => voice, folder, at: FRAME / 25 } as const;
  const avatar = { tools, avatarPath: TINY, threads: 1 };
  await exportFrame({ ...avatar, outPath, mode: 'portrait', height: ROWS, sound, shape, background });
  return PNG.sync.read(await readFile(outPath));
}

/** Straight RGBA over a colour. */
function over(rgba: Uint8Array, colour: string): Uint8Array {
  const [r, g, b] = rgbOf(colour);
  return rgba.map((level, k) => {
    const share = rgba[k | 3]! / 255;
    return (k & 3) === 3 ? 255 : level * share + [r, g, b][k & 3]! * (1 - share) + 0.5;
  });
}

function away(shown: Uint8Array, expected: Uint8Array): { readonly most: number; readonly mean: number } {
  let [most, sum] = [0, 0];
  for (let k = 0; k < shown.length; k++) {
    if (shown[k | 3] === 0 && expected[k | 3] === 0) continue; // colours of nothing
    const levels = Math.abs(shown[k]! - expected[k]!);
    most = Math.max(most, levels);
    sum += levels;
  }
  return { most, mean: sum / shown.length };
}

describe('a live picture with a look', () => {
  it.each<[LiveLook['shape'], LiveLook['behind'], Background]>([
    ['16:9', 'own', { kind: 'own' }],
    ['9:16', 'blurred', { kind: 'blur' }],
    ['1:1', 'none', { kind: 'transparent' }],
    ['4:5', 'none', { kind: 'colour', colour: COLOUR }],
    ['own', 'none', { kind: 'colour', colour: COLOUR }],
  ])('of %s over %s is the frame of a film of it (%j)', async (shape, behind, background) => {
    const { line, picture } = lineOn();
    await line.next('motion');
    const shown = await picture({ shape, behind });
    const { width, height, data } = await written(shape, background);
    expect([shown.width, shown.height]).toEqual([width, height]);
    const pixels = background.kind === 'colour' ? over(shown.rgba, background.colour) : shown.rgba;
    const { most, mean } = away(pixels, data);
    expect(most).toBeLessThanOrEqual(LEVELS.most);
    expect(mean).toBeLessThan(LEVELS.mean);
    expect(line.of('look')).toEqual([{ type: 'look', shown: true }]);
  });

  it('is as it was when the look is its own again', async () => {
    const { line, picture } = lineOn();
    await line.next('motion');
    const before = await picture();
    await picture({ shape: '9:16', behind: 'none' });
    const after = await picture({ shape: 'own', behind: 'own' });
    expect(Buffer.compare(after.rgba, before.rgba)).toBe(0);
    expect([...after.view]).toEqual([...before.view]);
  });

  it('gives way to the avatar’s own while somebody looks on, and says so', async () => {
    const audience = new Audience();
    const { line, picture } = lineOn(audience);
    await line.next('motion');
    const framed = await picture({ shape: '9:16', behind: 'none' });
    const watcher = new TestLine();
    const leave = audience.watch('p', watcher);
    const watched = await picture();
    expect(watched.width).toBeGreaterThan(framed.width);
    expect(watcher.pictures.at(-1)).toMatchObject({ width: watched.width, height: watched.height });
    leave();
    expect((await picture()).width).toBe(framed.width);
    expect(line.of('look').map(({ shown }) => shown)).toEqual([true, false, true]);
  });

  it('before there is a line ends it', () => {
    const line = new TestLine();
    const live = new LiveSession(
      { engines, audience: new Audience(), avatarPath: async () => TINY, follow: noCamera, mix: plain },
      line,
    );
    live.receive(JSON.stringify({ type: 'look', shape: '1:1', behind: 'own' }));
    expect(line.of('failed')).toMatchObject([{ serial: null, error: { code: 'bad-request' } }]);
  });
});
