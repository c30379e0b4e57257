import { readFile } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { type Bundle, openBundle, openSession, readRig } from '../bundle/index.ts';
import { TINY } from '../bundles.fixture.ts';
import { SeededRandom } from '../numbers/random.ts';
import { closures } from './aperture.ts';
import { LiveDrive } from './live-drive.ts';
import { LleProjection } from './lle.ts';
import { MouthScaling } from './strength.ts';

const tiny = await openBundle(TINY);
const rig = readRig(tiny);
const bundle: Bundle = {
  ...tiny,
  files: new Map([...tiny.files, ['live.onnx', await readFile(new URL('../fixtures/live.onnx', import.meta.url))]]),
};
const opened: LiveDrive[] = [];
async function live(): Promise<LiveDrive> {
  const drive = await LiveDrive.open(bundle, rig, 1);
  opened.push(drive);
  return drive;
}
afterAll(() => Promise.all(opened.map((drive) => drive.close())));

/** Two seconds that get louder and softer. */
const sound = Float32Array.from({ length: 32_000 }, (_, i) => 0.2 * Math.sin(i / 9) * (1 + Math.sin(i / 3000)));

async function pushed(drive: LiveDrive, sizes: () => number): Promise<number[]> {
  const rows: number[] = [];
  for (let at = 0; at < sound.length;) {
    const size = sizes();
    rows.push(...(await drive.push(sound.subarray(at, at + size))));
    at += size;
  }
  return rows;
}

/** Rows [n,64] of the graph alone, each window of 0.72 s cut by hand from the sound with silence before it. */
async function asPredicted(heard: Float32Array): Promise<Float32Array> {
  const padded = new Float32Array(53 * 160 + heard.length);
  padded.set(heard, 53 * 160);
  const session = await openSession(bundle, 'live.onnx', { threads: 1 });
  let state = new Tensor('float32', new Float32Array(85), [1, 85]);
  const rows: number[] = [];
  for (let at = 0; at + 11_520 <= padded.length; at += 640) {
    const { expression, next } = await session.run({
      waveform: new Tensor('float32', padded.slice(at, at + 11_520), [1, 11_520]),
      state,
    });
    rows.push(...(expression!.data as Float32Array));
    state = new Tensor('float32', (next!.data as Float32Array).slice(), [1, 85]);
  }
  await session.release();
  return Float32Array.from(rows);
}

describe('live sound', () => {
  it('gives the same rows in whatever amounts it comes', async () => {
    const whole = await pushed(await live(), () => sound.length);
    const random = new SeededRandom(1);
    expect(await pushed(await live(), () => 1 + Math.floor(random.next() * 1500))).toEqual(whole);
    expect(await pushed(await live(), () => 37)).toEqual(whole);
  });

  it("smooths within 40 ms, not where the mouth is shut, and draws to the person's own", async () => {
    const raw = await asPredicted(sound);
    const keep = closures(rig, raw);
    expect(Math.min(...keep)).toBeLessThan(0.1);
    expect(Math.max(...keep)).toBeGreaterThan(0.9);
    const bell = Array.from({ length: 9 }, (_, k) => Math.exp(-0.5 * ((k - 4) / 2.4) ** 2));
    const whole = bell.reduce((a, b) => a + b);
    const lle = new LleProjection(rig.lleBank);
    const rows = Float32Array.from(await pushed(await live(), () => 700));
    expect(rows.length).toBe(raw.length - 4 * EXPRESSIONS);
    for (let row = 0; row < rows.length / EXPRESSIONS; row++) {
      const expected = Float32Array.from({ length: EXPRESSIONS }, (_, k) => {
        const smooth =
          bell.reduce((sum, weight, tap) => sum + weight * raw[Math.max(row + tap - 4, 0) * EXPRESSIONS + k]!, 0) /
          whole;
        return keep[row]! * raw[row * EXPRESSIONS + k]! + (1 - keep[row]!) * smooth;
      });
      lle.project(expected);
      for (let k = 0; k < EXPRESSIONS; k++) {
        expect(rows[row * EXPRESSIONS + k]).toBeCloseTo(
          Math.min(Math.max(expected[k]!, rig.expressionLow[k]!), rig.expressionHigh[k]!),
          5,
        );
      }
    }
  });

  it('answers for a moment no later than 200 ms of sound after it', async () => {
    const drive = await live();
    let rows = 0;
    for (let at = 0; at < sound.length; at += 160) {
      rows += (await drive.push(sound.subarray(at, at + 160))).length / EXPRESSIONS;
      const heard = (at + 160) / 16_000;
      expect(rows / 100).toBeGreaterThanOrEqual(heard - 0.2 - 0.04 - 1e-9); // a step is 40 ms
    }
  });

  it('opens the mouth when the sound starts', async () => {
    const drive = await live();
    const burst = new Float32Array(32_000);
    for (let i = 16_000; i < 32_000; i++) burst[i] = i % 2 === 0 ? 0.15 : -0.15; // a level of 0.15: coefficient 0.9
    const rows = await drive.push(burst);
    const opening = (row: number) => rows[row * EXPRESSIONS]!;
    expect(opening(90)).toBeCloseTo(0, 2);
    expect(opening(99)).toBeLessThan(opening(101));
    expect(opening(120)).toBeCloseTo(0.9, 1);
  });

  it('carries what it has heard from step to step, and stays within what this person does', async () => {
    const drive = await live();
    const rows = await drive.push(new Float32Array(16_000 * 20).map((_, i) => (i % 2 === 0 ? 1 : -1)));
    const counted = (row: number) => rows[row * EXPRESSIONS + 1]!;
    // 250 steps, less the pull to the person's own
    expect(counted(1500) - counted(500)).toBeCloseTo(0.001 * 250 * 0.8, 2);
    for (let row = 0; row < rows.length / EXPRESSIONS; row++)
      expect(rows[row * EXPRESSIONS]).toBeLessThanOrEqual(rig.expressionHigh[0]!);
  });

  it('moves the mouth as strongly as it is told to, as sound that is there whole does', async () => {
    const drive = await LiveDrive.open(bundle, rig, 1, 0.5);
    opened.push(drive);
    const rows = Float32Array.from(await pushed(drive, () => 1000));
    const plain = Float32Array.from(await pushed(await live(), () => 1000));
    expect(rows).toEqual(new MouthScaling(rig, 0.5).of(plain));
    expect(rows[150 * EXPRESSIONS]! / plain[150 * EXPRESSIONS]!).toBeCloseTo(0.5, 1);
  });

  it('is refused to avatars made before there was any', async () => {
    await expect(LiveDrive.open(tiny, rig, 1)).rejects.toEqual(expect.objectContaining({ code: 'bad-bundle' }));
  });
});
