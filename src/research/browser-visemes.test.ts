import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { libraryFolder, visemesIn, writeBrowserVisemes } from './browser-visemes.ts';
import { locateMediaTools, type MediaTools, readSound } from '../main/studio/media/index.ts';

const SILENCE = 14;
const folder = libraryFolder()!;
const voice = resolve('resources', 'sample', 'voice.wav');
let tools: MediaTools;
let speech: Float32Array;

beforeAll(async () => {
  tools = await locateMediaTools(resolve('trainer', '.venv'), resolve('tools'));
  speech = (await readSound(tools, voice, { rate: 48_000 })).samples;
});

describe('the visemes of a browser library', () => {
  it('are one every 16 ms, many in speech and the same ones every time', async () => {
    const found = await visemesIn(folder, speech);
    expect(found).toHaveLength(Math.floor((speech.length - 1536) / 768) + 1);
    expect(new Set(found).size).toBeGreaterThan(6);
    expect(await visemesIn(folder, speech)).toEqual(found);
  });

  it('are silence where nothing sounds, and after the speech has ended', async () => {
    expect(new Set(await visemesIn(folder, new Float32Array(48_000)))).toEqual(new Set([SILENCE]));
    const ended = new Float32Array(144_000);
    ended.set(speech.subarray(0, 96_000));
    const found = await visemesIn(folder, ended);
    expect(found.slice(0, 100).some((viseme) => viseme !== SILENCE)).toBe(true);
    expect(found.at(-1)).toBe(SILENCE);
  });

  it('go into a file in a folder that need not be there, with the times they belong to', async () => {
    const work = await mkdtemp(join(tmpdir(), 'likeness-visemes-'));
    const file = join(work, 'a job', 'visemes.json');
    expect(await writeBrowserVisemes(tools, voice, file)).toBe(true);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      library: expect.stringMatching(/headaudio \d/) as string,
      hopSeconds: 0.016,
      firstSeconds: 0.016,
      visemes: await visemesIn(folder, speech),
    });
    await rm(work, { recursive: true });
  });
});
