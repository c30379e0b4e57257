import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { openBundle, openSession, readRig } from '../bundle/index.ts';
import { changedBundle, TINY, variedBundle } from '../bundles.fixture.ts';
import { SpeechDrive } from './speech-drive.ts';
import { LATENT_ROWS, latentNoise, LATENTS } from './variation.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));

describe('the noise that a mouth is drawn by', () => {
  it('is normal, and a latent has its own whichever one a piece begins with', () => {
    const whole = latentNoise({ temperature: 1, seed: 3 }, 0, 500);
    const part = latentNoise({ temperature: 1, seed: 3 }, 188, 40);
    for (let latent = 0; latent < 40; latent++)
      for (let k = 0; k < LATENTS; k++) expect(part[k * 40 + latent]).toBe(whole[k * 500 + 188 + latent]);
    const spread = Math.sqrt(whole.reduce((sum, value) => sum + value ** 2, 0) / whole.length);
    const hotter = Math.sqrt(
      latentNoise({ temperature: 0.5, seed: 3 }, 0, 500).reduce((sum, value) => sum + value ** 2, 0) / whole.length,
    );
    expect(Math.abs(whole.reduce((a, b) => a + b) / whole.length / spread)).toBeLessThan(0.05);
    expect(hotter / spread).toBeCloseTo(0.5, 6);
    for (const lag of [1, LATENTS]) {
      let together = 0;
      for (let k = 0; k + lag < 500; k++) together += whole[k]! * whole[k + lag]!;
      // four deviations of 500 that know nothing of each other: .18
      expect(Math.abs(together / 500 / spread ** 2)).toBeLessThan(0.15);
    }
  });

  it('may be as strong as it is told for each latent, the last one for all behind it', () => {
    const whole = latentNoise({ temperature: 1, seed: 3 }, 2, 4);
    const rising = latentNoise({ temperature: [0, 0, 0, 0.25, 0.5], seed: 3 }, 2, 4);
    for (let k = 0; k < LATENTS; k++)
      expect([0, 1, 2, 3].map((latent) => rising[k * 4 + latent]!)).toEqual(
        [0, 0.25, 0.5, 0.5].map((share, latent) => expect.closeTo(share * whole[k * 4 + latent]!, 5) as number),
      );
  });

  it('differs from seed to seed, and is nothing at temperature 0', () => {
    expect(latentNoise({ temperature: 1, seed: 3 }, 0, 4)).not.toEqual(latentNoise({ temperature: 1, seed: 4 }, 0, 4));
    expect(Array.from(latentNoise({ temperature: 0, seed: 3 }, 0, 4), Math.abs)).toEqual(
      Array.from({ length: 4 * LATENTS }, () => 0),
    );
  });
});

describe('speech to motion with a temperature', async () => {
  const bundle = await openBundle(await variedBundle(join(folder, 'varied.likeness')));
  const drive = new SpeechDrive(bundle, readRig(bundle), 1);
  const plain = new SpeechDrive(await openBundle(TINY), readRig(bundle), 1);
  const waveform = Float32Array.from(
    { length: 16_000 * 70 + 37 },
    (_, i) => 0.2 * Math.sin(i / 9) * (1 + Math.sin(i / 20_000)),
  );

  it('is the likely mouth at 0, to the last bit', async () => {
    const likely = await plain.hear(waveform);
    for (const hearing of [{}, { variation: { temperature: 0, seed: 5 } }])
      expect(await drive.hear(waveform, hearing)).toEqual(likely);
  });

  it('hears sound longer than a piece as if it were one', async () => {
    const variation = { temperature: 0.7, seed: 11 };
    const [{ expression: likely }, { expression: drawn }] = [
      await drive.hear(waveform),
      await drive.hear(waveform, { variation }),
    ];
    const rows = drawn.length / EXPRESSIONS;
    const noise = latentNoise(variation, 0, Math.ceil(rows / LATENT_ROWS));
    for (let row = 0; row < rows; row++)
      expect(
        Math.abs(drawn[row * EXPRESSIONS]! - likely[row * EXPRESSIONS]! - noise[Math.floor(row / LATENT_ROWS)]!),
      ).toBeLessThan(1e-3);
    expect(await drive.hear(waveform, { variation })).toEqual(await drive.hear(waveform, { variation }));
    expect((await drive.hear(waveform, { variation: { temperature: 0.7, seed: 12 } })).expression).not.toEqual(drawn);
  });

  it('takes sound of any length', async () => {
    expect((await drive.hear(new Float32Array(1), { variation: { temperature: 1, seed: 0 } })).expression.length).toBe(
      EXPRESSIONS,
    );
  });

  it.each([
    ['variation.onnx', 'that is no variation', { 'variation.onnx': bundle.files.get('motion.onnx')! }],
    ['motion.onnx', 'that takes no shift', { 'variation.onnx': bundle.files.get('variation.onnx')! }],
  ])('refuses a %s %s, and keeps no session open', async (name, _, files) => {
    const wrong = await openBundle(await changedBundle(join(folder, `wrong-${name}.likeness`), { files }));
    const one = await openSession(bundle, 'motion.onnx', { threads: 1 });
    const release = vi.spyOn(Object.getPrototypeOf(one) as typeof one, 'release');
    const refused = new SpeechDrive(wrong, readRig(wrong), 1).hear(waveform, {
      variation: { temperature: 1, seed: 0 },
    });
    await expect(refused).rejects.toEqual(
      expect.objectContaining({ code: 'bad-bundle', message: expect.stringContaining(name) as string }),
    );
    expect(release).toHaveBeenCalledTimes(3); // speech, motion and variation
    release.mockRestore();
    await one.release();
  });
});
