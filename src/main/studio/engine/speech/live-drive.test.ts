import { readFile } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { type Bundle, openBundle, openSession, readRig } from '../bundle/index.ts';
import { TINY } from '../bundles.fixture.ts';
import { floats, model, node, port } from '../onnx.fixture.ts';
import { SeededRandom } from '../numbers/random.ts';
import { closures } from './aperture.ts';
import { LiveDrive } from './live-drive.ts';
import { LleProjection } from './lle.ts';
import { MouthScaling } from './strength.ts';

const tiny = await openBundle(TINY);
const rig = readRig(tiny);
/** Of now and of before: samples of a window, numbers of a state, rows that a step answers; ms that they are late. */
const KINDS = [
  { file: 'live.onnx', window: 10_880, state: 167, answered: 8, lateMs: 120 },
  { file: 'live-older.onnx', window: 11_520, state: 85, answered: 4, lateMs: 200 },
] as const;
type Kind = (typeof KINDS)[number];

async function bundleWith({ file }: Pick<Kind, 'file'>): Promise<Bundle> {
  const graph = await readFile(new URL(`../fixtures/${file}`, import.meta.url));
  return { ...tiny, files: new Map([...tiny.files, ['live.onnx', graph]]) };
}
const opened: LiveDrive[] = [];
async function live(kind: Kind, strength = 1): Promise<LiveDrive> {
  const drive = await LiveDrive.open(await bundleWith(kind), rig, 1, strength);
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

/** What the graph alone answers, [answered,64] a step; windows are cut by hand from the sound, silence before it. */
async function asPredicted(kind: Kind, heard: Float32Array): Promise<Float32Array[]> {
  const padded = new Float32Array(53 * 160 + heard.length);
  padded.set(heard, 53 * 160);
  const session = await openSession(await bundleWith(kind), 'live.onnx', { threads: 1 });
  let state = new Tensor('float32', new Float32Array(kind.state), [1, kind.state]);
  const steps: Float32Array[] = [];
  for (let at = 0; at + kind.window <= padded.length; at += 640) {
    const { expression, next } = await session.run({
      waveform: new Tensor('float32', padded.slice(at, at + kind.window), [1, kind.window]),
      state,
    });
    steps.push((expression!.data as Float32Array).slice());
    state = new Tensor('float32', (next!.data as Float32Array).slice(), [1, kind.state]);
  }
  await session.release();
  return steps;
}

describe.each(KINDS)('live sound of $file', (kind) => {
  it('gives the same rows in whatever amounts it comes', async () => {
    const whole = await pushed(await live(kind), () => sound.length);
    const random = new SeededRandom(1);
    expect(await pushed(await live(kind), () => 1 + Math.floor(random.next() * 1500))).toEqual(whole);
    expect(await pushed(await live(kind), () => 37)).toEqual(whole);
  });

  it("smooths within 40 ms, not where the mouth is shut, and draws to the person's own", async () => {
    const steps = await asPredicted(kind, sound);
    /** As a step knows it: rows after its own from itself where it answers for them, else from the next. */
    const raw = (row: number, k: number, step = Math.floor(row / 4)): number => {
      const of = row < 4 * (step + 1) || kind.answered === 4 ? Math.floor(row / 4) : step;
      return steps[of]![(row - 4 * of) * EXPRESSIONS + k]!;
    };
    const own = Float32Array.from(steps.flatMap((answer) => [...answer.subarray(0, 4 * EXPRESSIONS)]));
    const keep = closures(rig, own);
    expect(Math.min(...keep)).toBeLessThan(0.1);
    expect(Math.max(...keep)).toBeGreaterThan(0.9);
    const bell = Array.from({ length: 9 }, (_, k) => Math.exp(-0.5 * ((k - 4) / 2.4) ** 2));
    const whole = bell.reduce((a, b) => a + b);
    const lle = new LleProjection(rig.lleBank);
    const rows = Float32Array.from(await pushed(await live(kind), () => 700));
    expect(rows.length).toBe(own.length - (kind.answered === 4 ? 4 * EXPRESSIONS : 0));
    for (let row = 0; row < rows.length / EXPRESSIONS; row++) {
      const step = Math.floor(row / 4);
      const expected = Float32Array.from({ length: EXPRESSIONS }, (_, k) => {
        const smooth =
          bell.reduce((sum, weight, tap) => sum + weight * raw(Math.max(row + tap - 4, 0), k, step), 0) / whole;
        return keep[row]! * raw(row, k) + (1 - keep[row]!) * smooth;
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

  it('answers for a moment no later than so much sound after it', async () => {
    const drive = await live(kind);
    let rows = 0;
    for (let at = 0; at < sound.length; at += 160) {
      rows += (await drive.push(sound.subarray(at, at + 160))).length / EXPRESSIONS;
      const heard = (at + 160) / 16_000;
      expect(rows / 100).toBeGreaterThanOrEqual(heard - kind.lateMs / 1000 - 0.04 - 1e-9); // a step is 40 ms
    }
  });

  it('opens the mouth when the sound starts', async () => {
    const drive = await live(kind);
    const burst = new Float32Array(32_000);
    for (let i = 16_000; i < 32_000; i++) burst[i] = i % 2 === 0 ? 0.15 : -0.15; // a level of 0.15: coefficient 0.9
    const rows = await drive.push(burst);
    const opening = (row: number) => rows[row * EXPRESSIONS]!;
    expect(opening(90)).toBeCloseTo(0, 2);
    expect(opening(99)).toBeLessThan(opening(101));
    expect(opening(120)).toBeCloseTo(0.9, 1);
  });

  it('carries what it has heard from step to step, and stays within what this person does', async () => {
    const drive = await live(kind);
    const rows = await drive.push(new Float32Array(16_000 * 20).map((_, i) => (i % 2 === 0 ? 1 : -1)));
    const counted = (row: number) => rows[row * EXPRESSIONS + 1]!;
    // 250 steps, less the pull to the person's own
    expect(counted(1500) - counted(500)).toBeCloseTo(0.001 * 250 * 0.8, 2);
    for (let row = 0; row < rows.length / EXPRESSIONS; row++)
      expect(rows[row * EXPRESSIONS]).toBeLessThanOrEqual(rig.expressionHigh[0]!);
  });

  it('moves the mouth as strongly as it is told to, as sound that is there whole does', async () => {
    const drive = await live(kind, 0.5);
    const rows = Float32Array.from(await pushed(drive, () => 1000));
    const plain = Float32Array.from(await pushed(await live(kind), () => 1000));
    expect(rows).toEqual(new MouthScaling(rig, 0.5).of(plain));
    expect(rows[150 * EXPRESSIONS]! / plain[150 * EXPRESSIONS]!).toBeCloseTo(0.5, 1);
  });
});

/** A graph with ports of these sizes. */
function liveModel(sizes: { waveform: (number | string)[]; state: number[]; expression: number[] }): Uint8Array {
  const values = Array.from({ length: sizes.expression.reduce((a, b) => a * b) }, () => 0);
  return model({
    inputs: [port('waveform', sizes.waveform), port('state', sizes.state)],
    outputs: [port('expression', sizes.expression), port('next', sizes.state)],
    constants: { face: floats(sizes.expression, values) },
    nodes: [node('Identity', ['face'], ['expression']), node('Identity', ['state'], ['next'])],
  });
}

it('is refused to avatars made before there was any, and to those whose graph has other sizes', async () => {
  const refused = expect.objectContaining({ code: 'bad-bundle' });
  await expect(LiveDrive.open(tiny, rig, 1)).rejects.toEqual(refused);
  const sizes = { waveform: [1, 10_880], state: [1, 167], expression: [1, 8, EXPRESSIONS] };
  for (const wrong of [
    { waveform: [1, 8640 - 160] },
    { waveform: [1, 11_521] },
    { waveform: [1, 'N'] },
    { state: [1, 5000] },
    { expression: [1, 5, EXPRESSIONS] },
  ]) {
    const graph = liveModel({ ...sizes, ...wrong });
    await expect(
      LiveDrive.open({ ...tiny, files: new Map([...tiny.files, ['live.onnx', graph]]) }, rig, 1),
    ).rejects.toEqual(refused);
  }
});
