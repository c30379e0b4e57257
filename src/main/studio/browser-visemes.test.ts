import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { libraryFolder, visemesIn } from './browser-visemes.ts';
import { locateMediaTools, readSound } from './media/index.ts';

const SILENCE = 14;
const folder = libraryFolder()!;
let speech: Float32Array;

beforeAll(async () => {
  speech = (await readSound(await locateMediaTools(resolve('trainer', '.venv'), resolve('tools')), resolve('resources', 'sample', 'voice.wav'))).samples;
});

describe('the visemes of a browser library', () => {
  it('are one every 16 ms, many in speech and the same ones every time', async () => {
    const found = await visemesIn(folder, speech);
    expect(found).toHaveLength(Math.floor((speech.length - 512) / 256) + 1);
    expect(new Set(found).size).toBeGreaterThan(6);
    expect(await visemesIn(folder, speech)).toEqual(found);
  });

  it('are silence where nothing sounds, and after the speech has ended', async () => {
    expect(new Set(await visemesIn(folder, new Float32Array(16_000)))).toEqual(new Set([SILENCE]));
    const ended = new Float32Array(48_000);
    ended.set(speech.subarray(0, 32_000));
    const found = await visemesIn(folder, ended);
    expect(found.slice(0, 100).some((viseme) => viseme !== SILENCE)).toBe(true);
    expect(found.at(-1)).toBe(SILENCE);
  });
});
