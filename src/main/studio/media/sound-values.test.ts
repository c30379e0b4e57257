/** Sounds whose samples are no numbers, or absurd ones, are mended where they are read, and never a bang. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scratchFolder, tools } from './clips.fixture.ts';
import { openVideoSink, OWN_WAVE, readSound, toWave } from './index.ts';

const folder = await scratchFolder();
afterAll(() => rm(folder, { recursive: true }));
const RATE = 48_000;

/** A WAV file of 32-bit floats, one channel. */
async function floats(name: string, sample: (k: number) => number): Promise<string> {
  const samples = Float32Array.from({ length: RATE }, (_, k) => sample(k));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20); // IEEE float
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 4, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(32, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  const path = join(folder, `${name}.wav`);
  await writeFile(path, Buffer.concat([header, new Uint8Array(samples.buffer)]));
  return path;
}

const tone = (k: number): number => 0.3 * Math.sin((2 * Math.PI * 440 * k) / RATE);
const BAD: [string, number][] = [
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['minus Infinity', Number.NEGATIVE_INFINITY],
  ['1e30', 1e30],
  ['-1e9', -1e9],
];

describe.each(BAD)('a sound with %s in it', (name, bad) => {
  it('is heard without it', async () => {
    const path = await floats(name, (k) => (k % 5000 === 2500 ? bad : tone(k)));
    const { samples } = await readSound(tools, path);
    expect(samples.length).toBe(16_000);
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudest).toBeGreaterThan(0.29); // NaN would be neither
    expect(loudest).toBeLessThan(0.36);
    const wave = await toWave(tools, path, join(folder, `${name}.pcm.wav`), { silence: 'refused' });
    expect(wave.loudest).toBeLessThan(0.31);
  });

  it('is silent where there is nothing else', async () => {
    const path = await floats(`all ${name}`, () => bad);
    await expect(toWave(tools, path, join(folder, 'none.wav'), { silence: 'refused' })).rejects.toMatchObject({
      code: 'bad-audio',
      message: 'This sound is silent.',
    });
  });
});

it('what is too loud by less is cut off, as players do', async () => {
  const { samples } = await readSound(tools, await floats('loud', (k) => 20 * tone(k)), { rate: RATE });
  expect(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBe(1);
});

it('a film takes such a sound', async () => {
  const path = await floats('film', (k) => (k % 100 === 50 ? Number.NaN : tone(k)));
  const film = join(folder, 'film.mp4');
  const sink = openVideoSink(tools, {
    path: film,
    width: 64,
    height: 64,
    fps: 25,
    sound: { path, track: OWN_WAVE, seconds: 0.8 },
  });
  for (let k = 0; k < 20; k += 1) await sink.write(new Uint8Array(64 * 64 * 3));
  await sink.finish();
  const { samples } = await readSound(tools, film);
  expect(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThan(0.4);
});
