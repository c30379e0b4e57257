import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { openBundle, readRig } from '../bundle/index.ts';
import { changedBundle, hearingBundle, TINY, TINY_HUBERT, TINY_HUBERT_GRAPH } from '../bundles.fixture.ts';
import { openAvatar } from '../index.ts';
import { floats, ints, model, node, port } from '../onnx.fixture.ts';
import { tryAvatar } from '../trial.ts';
import { hubertEar } from './hubert-ear.ts';
import { SPEECH_RATE, SpeechDrive } from './speech-drive.ts';

let folder = '';
let path = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  path = await hearingBundle(join(folder, 'hearing.likeness'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Loud in every second second, of that many. */
const pulses = (seconds: number): Float32Array =>
  Float32Array.from({ length: seconds * SPEECH_RATE }, (_, k) =>
    Math.floor(k / SPEECH_RATE) % 2 === 0 ? 0 : k % 2 === 0 ? 0.15 : -0.15,
  );
const LOUD = Math.SQRT2; // half of it silent: a deviation of 0.15 / sqrt 2

async function opening(sound: Float32Array): Promise<Float32Array> {
  const bundle = await openBundle(path);
  const ear = hubertEar(TINY_HUBERT_GRAPH, TINY_HUBERT.size, 1);
  const { expression } = await new SpeechDrive(bundle, readRig(bundle), 1, ear).hear(sound);
  return expression.filter((_, k) => k % EXPRESSIONS === 0);
}

describe('an avatar that was trained with HuBERT', () => {
  it('opens its mouth as that hears, at the moment it does', async () => {
    const rows = await opening(pulses(4));
    expect(rows).toHaveLength(401);
    expect([50, 250, 395].map((row) => rows[row]!.toFixed(3))).toEqual(['0.000', '0.000', LOUD.toFixed(3)]);
    expect([150, 350].map((row) => rows[row]!.toFixed(3))).toEqual([LOUD.toFixed(3), LOUD.toFixed(3)]);
    // The row that is half in the sound lies at its beginning: 24 rows of 40 ms, and 22.5 ms, are 982.5 ms.
    const half = rows.findIndex((value) => value > LOUD / 2);
    expect(Math.abs(half - 100)).toBeLessThanOrEqual(1);
  });

  it('hears a long sound in pieces as it hears a short one', async () => {
    const rows = await opening(pulses(46));
    for (let second = 0; second < 46; second++)
      expect(rows[second * 100 + 50]!).toBeCloseTo(second % 2 === 0 ? 0 : LOUD, 4);
  });

  it('says what it hears with, and why not with HuBERT', async () => {
    const sound = pulses(2);
    const options = { graph: 'fast', threads: 1 } as const;
    const asked: unknown[] = [];
    const found = await openAvatar(path, {
      ...options,
      hubert: async (wanted) => {
        asked.push(wanted);
        return { graph: TINY_HUBERT_GRAPH };
      },
    });
    const lost = await openAvatar(path, { ...options, hubert: async () => ({ notice: 'It is not here.' }) });
    const plain = await openAvatar(TINY, { ...options, hubert: () => Promise.reject(new Error('nobody asks')) });
    try {
      expect(asked).toEqual([TINY_HUBERT]);
      expect(found.heardWith).toEqual({ encoder: 'hubert', notice: null });
      expect(lost.heardWith).toEqual({ encoder: 'embedded', notice: 'It is not here.' });
      expect(plain.heardWith).toEqual({ encoder: 'embedded', notice: null });
      const [byHubert, embedded, before] = await Promise.all(
        [found, lost, plain].map((avatar) => avatar.motion(sound, 25)),
      );
      expect(embedded).toEqual(before);
      expect(byHubert).not.toEqual(before);
    } finally {
      await Promise.all([found, lost, plain].map((avatar) => avatar.close()));
    }
  });

  it('says that a graph cannot be run', async () => {
    const broken = join(folder, 'broken.onnx');
    await writeFile(broken, 'no graph');
    const avatar = await openAvatar(path, { graph: 'fast', threads: 1, hubert: async () => ({ graph: broken }) });
    await expect(avatar.motion(pulses(1), 25)).rejects.toMatchObject({ code: 'bad-checkpoint' });
    await avatar.close();
  });
});

describe('an avatar from elsewhere that says it hears HuBERT', () => {
  it('is refused without the motion for it, and with one that nothing is said of', async () => {
    const without = await changedBundle(join(folder, 'without.likeness'), {
      manifest: (manifest) => (manifest['speech'] = { ...(manifest['speech'] as object), hubert: TINY_HUBERT }),
    });
    const silent = await changedBundle(join(folder, 'silent.likeness'), {
      files: { 'motion-hubert.onnx': (await openBundle(path)).files.get('motion-hubert.onnx')! },
    });
    for (const avatar of [without, silent])
      await expect(openBundle(avatar)).rejects.toMatchObject({ code: 'bad-bundle' });
  });

  it.each([
    ['a layer that there is not', { ...TINY_HUBERT, layer: -1 }],
    ['rows as long as a book', { ...TINY_HUBERT, size: 1e6 }],
    ['a path for a hash', { ...TINY_HUBERT, sha256: '../../models' }],
  ])('is refused with %s', async (_, hubert) => {
    await expect(openBundle(await hearingBundle(join(folder, 'odd.likeness'), hubert))).rejects.toMatchObject({
      code: 'bad-bundle',
    });
  });

  it('is tried with it, without its weights', async () => {
    await expect(tryAvatar(path)).resolves.toBeUndefined();
    const nonsense = model({
      inputs: [port('features', [1, 'T', 4]), port('hubert', [1, 'T', 2])],
      outputs: [port('expression', [1, 'T', 64])],
      constants: {
        rest: floats(
          [1, 1, 64],
          Array.from({ length: 64 }, () => Number.NaN),
        ),
        none: ints([1], [0]),
        one: ints([1], [1]),
        last: ints([1], [2]),
      },
      nodes: [
        node('Slice', ['hubert', 'none', 'one', 'last'], ['first']),
        node('Add', ['first', 'rest'], ['expression']),
      ],
    });
    const bad = await changedBundle(join(folder, 'nonsense.likeness'), {
      files: { 'motion-hubert.onnx': nonsense },
      manifest: (manifest) => (manifest['speech'] = { ...(manifest['speech'] as object), hubert: TINY_HUBERT }),
    });
    await expect(tryAvatar(bad)).rejects.toMatchObject({ code: 'bad-bundle' });
  });
});
