import { expect, it } from 'vitest';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { openBundle, readRig } from '../bundle/index.ts';
import { TINY } from '../bundles.fixture.ts';
import { SeededRandom } from '../numbers/random.ts';
import { closures, LipGap } from './aperture.ts';
import { MouthScaling } from './strength.ts';

const rig = readRig(await openBundle(TINY));
const gap = new LipGap(rig);
const OPENING = 0; // the coefficient that opens the tiny avatar's mouth
/** From shut to wide open, the other coefficients anywhere in the person's range. */
const random = new SeededRandom(3);
const ROWS = 200;
const spoken = Float32Array.from({ length: ROWS * EXPRESSIONS }, (_, i) =>
  i % EXPRESSIONS === OPENING ? (1.5 * Math.floor(i / EXPRESSIONS)) / (ROWS - 1) : 0.6 * (random.next() - 0.5),
);
const gapsAt = (strength: number): number[] => {
  const rows = new MouthScaling(rig, strength).of(spoken);
  return Array.from({ length: ROWS }, (_, row) => gap.at(rows, row));
};

it('may be another for each row', () => {
  const spoken = Float32Array.from([...rig.lleBank.subarray(0, 64), ...rig.lleBank.subarray(0, 64)]);
  const rows = new MouthScaling(rig, (row) => (row === 0 ? 1 : 0.5)).of(spoken);
  expect(rows.slice(0, 64)).toEqual(spoken.slice(0, 64));
  expect(rows.slice(64)).toEqual(new MouthScaling(rig, 0.5).of(spoken).slice(64));
});

it('of 1 changes nothing at all', () => {
  expect(new MouthScaling(rig, 1).of(spoken)).toBe(spoken);
});

it('leaves every closure as it is, and makes none of an open mouth', () => {
  const keep = closures(rig, spoken);
  const shut = Array.from({ length: ROWS }, (_, row) => row).filter((row) => keep[row] === 1);
  expect(shut.length).toBeGreaterThan(3);
  for (const strength of [0.5, 1, 1.5]) {
    const rows = new MouthScaling(rig, strength).of(spoken);
    for (const row of shut)
      expect(rows.subarray(row * EXPRESSIONS, (row + 1) * EXPRESSIONS)).toEqual(
        spoken.subarray(row * EXPRESSIONS, (row + 1) * EXPRESSIONS),
      );
    const [before, after] = [keep, closures(rig, rows)];
    expect(
      Array.from({ length: ROWS }, (_, row) => row).filter((row) => before[row] === 0 && after[row] === 1),
    ).toEqual([]); // none comes by it
  }
});

it('opens every mouth further the greater it is, and the wider mouth stays the wider one', () => {
  const still = spoken.slice();
  for (let i = 0; i < still.length; i++) if (i % EXPRESSIONS !== OPENING) still[i] = 0;
  let before: number[] = [];
  for (const strength of [0.5, 0.7, 0.9, 1, 1.1, 1.3, 1.5]) {
    const rows = new MouthScaling(rig, strength).of(still);
    const gaps = Array.from({ length: ROWS }, (_, row) => gap.at(rows, row));
    for (let row = 1; row < ROWS; row++) expect(gaps[row]! - gaps[row - 1]!).toBeGreaterThan(-1e-6);
    for (const [row, less] of before.entries()) expect(gaps[row]! - less).toBeGreaterThan(-1e-6);
    before = gaps;
  }
  const [weak, own, strong] = [gapsAt(0.5), gapsAt(1), gapsAt(1.5)];
  expect(weak[100]! - gap.at(new Float32Array(EXPRESSIONS), 0)).toBeLessThan(
    0.65 * (own[100]! - gap.at(new Float32Array(EXPRESSIONS), 0)),
  );
  expect(strong[100]! - own[100]!).toBeGreaterThan(0.35 * (own[100]! - gap.at(new Float32Array(EXPRESSIONS), 0)));
});

it('stays within what this person does', () => {
  for (const strength of [0.5, 1.5]) {
    for (const [i, value] of new MouthScaling(rig, strength).of(spoken).entries()) {
      expect(value).toBeGreaterThanOrEqual(rig.expressionLow[i % EXPRESSIONS]!);
      expect(value).toBeLessThanOrEqual(rig.expressionHigh[i % EXPRESSIONS]!);
    }
  }
});
