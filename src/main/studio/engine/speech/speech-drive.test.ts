import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { openBundle, readRig } from '../bundle/index.ts';
import { TINY } from '../bundles.fixture.ts';
import { sampleRow, smoothRows } from '../numbers/sampling.ts';
import { LipGap } from './aperture.ts';
import { LleProjection } from './lle.ts';
import { SpeechDrive } from './speech-drive.ts';

const bundle = await openBundle(TINY);
const rig = readRig(bundle);

describe('the LLE projection', () => {
  it('answers as the trainer does', async () => {
    const golden = JSON.parse(await readFile(new URL('../fixtures/lle.json', import.meta.url), 'utf8')) as {
      rows: number[][];
      bank: number[][];
      blended: number[][];
    };
    const lle = new LleProjection(Float32Array.from(golden.bank.flat()));
    for (const [i, row] of golden.rows.entries()) {
      const expression = Float32Array.from(row);
      lle.project(expression);
      golden.blended[i]!.forEach((value, k) => expect(expression[k]).toBeCloseTo(value, 3));
    }
  });

  it('leaves one of the bank where it is, and pulls a stranger a fifth of the way to the only row there is', () => {
    const only = new Float32Array(EXPRESSIONS).fill(1);
    const stranger = new Float32Array(EXPRESSIONS).fill(6);
    new LleProjection(only).project(stranger);
    expect(stranger[0]).toBeCloseTo(6 - 0.2 * 5, 5);
    const same = only.slice();
    new LleProjection(only).project(same);
    expect(same[0]).toBeCloseTo(1, 5);
  });
});

describe('signals in time', () => {
  it('are sampled between rows and held at their ends', () => {
    const out = new Float32Array(2);
    const signal = Float32Array.of(0, 10, 1, 20, 2, 30);
    const at = (position: number) => (sampleRow(signal, 2, position, out), [...out]);
    expect(at(0.25)).toEqual([0.25, 12.5]);
    expect(at(-3)).toEqual([0, 10]);
    expect(at(9)).toEqual([2, 30]);
  });

  it('are smoothed, but never where the mouth closes', () => {
    const impulse = new Float32Array(21);
    impulse[10] = 1;
    const keep = new Float32Array(21);
    const smooth = smoothRows(impulse, 1, 2, keep);
    expect(smooth.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(smooth[10]).toBeCloseTo(0.2, 1); // 1 / (sigma sqrt(2 pi))
    keep[10] = 1;
    expect(smoothRows(impulse, 1, 2, keep)[10]).toBe(1);
  });
});

describe('speech to motion', () => {
  const drive = new SpeechDrive(bundle, rig, 1);
  /** The tiny network's answer, by hand: six times the mean level over the hundredth of a second round the row. */
  const expected = (waveform: Float32Array, row: number) => {
    let sum = 0;
    for (let i = row * 160 - 80; i < row * 160 + 80; i++) sum += Math.abs(waveform[i] ?? 0);
    return (6 * sum) / 160;
  };

  it('hears sound longer than a piece as if it were one, to the last row', async () => {
    const waveform = Float32Array.from(
      { length: 16_000 * 70 + 37 },
      (_, i) => 0.2 * Math.sin(i / 9) * (1 + Math.sin(i / 20_000)),
    );
    const { expression: rows } = await drive.hear(waveform);
    expect(rows.length / EXPRESSIONS).toBe(7001);
    for (const row of [0, 1, 2699, 2700, 2799, 2850, 2901, 2999, 3000, 5400, 5550, 6999, 7000])
      expect(rows[row * EXPRESSIONS]).toBeCloseTo(expected(waveform, row), 4);
  });

  it('opens the mouth when the sound starts, half-way at that very moment', async () => {
    const waveform = new Float32Array(32_000);
    for (let i = 16_000; i < 32_000; i++) waveform[i] = i % 2 === 0 ? 0.15 : -0.15;
    const { expression: spoken } = await drive.drive(waveform, 25, 50);
    const gap = new LipGap(rig);
    const gaps = Array.from({ length: 50 }, (_, frame) => gap.at(spoken, frame));
    expect(gaps[23]! - gaps[0]!).toBeLessThan(0.05 * (gaps[40]! - gaps[0]!));
    expect((gaps[25]! - gaps[0]!) / (gaps[40]! - gaps[0]!)).toBeGreaterThan(0.3);
    expect((gaps[25]! - gaps[0]!) / (gaps[40]! - gaps[0]!)).toBeLessThan(0.7);
    expect(gaps[27]! - gaps[0]!).toBeGreaterThan(0.9 * (gaps[40]! - gaps[0]!));
  });

  it('stays within what this person does', async () => {
    const loud = Float32Array.from({ length: 16_000 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const { expression: spoken } = await drive.drive(loud, 25, 25);
    for (let i = 0; i < spoken.length; i++) {
      expect(spoken[i]).toBeGreaterThanOrEqual(rig.expressionLow[i % EXPRESSIONS]!);
      expect(spoken[i]).toBeLessThanOrEqual(rig.expressionHigh[i % EXPRESSIONS]!);
    }
  });

  it('takes sound of any length above nothing', async () => {
    expect((await drive.hear(new Float32Array(1))).expression.length).toBe(EXPRESSIONS);
    await expect(drive.hear(new Float32Array(0))).rejects.toEqual(expect.objectContaining({ code: 'bad-audio' }));
  });
});
