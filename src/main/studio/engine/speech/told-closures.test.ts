import { describe, expect, it } from 'vitest';
import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import { SeededRandom } from '../numbers/random.ts';
import { LipGap } from './aperture.ts';
import { ToldClosures } from './told-closures.ts';

const RATE = 100;
const WIDTH = [61, 291] as const;
const rig = person();
const gap = new LipGap(rig);
const width = new LipGap(rig, WIDTH);

/** The first coefficient opens the lips by a cm, the second widens the mouth by one; this person does both at once. */
function person() {
  const neutral = new Float32Array(VERTICES * 3);
  const expressionBasis = new Float32Array(EXPRESSIONS * VERTICES * 3);
  neutral[13 * 3 + 1] = 0.001;
  neutral[WIDTH[1] * 3] = 5;
  expressionBasis[13 * 3 + 1] = 1;
  expressionBasis[VERTICES * 3 + WIDTH[1] * 3] = 1;
  const random = new SeededRandom(1);
  const lleBank = new Float32Array(500 * EXPRESSIONS);
  for (let row = 0; row < 500; row++) {
    const open = 2 * random.next() ** 2;
    lleBank[row * EXPRESSIONS] = open;
    lleBank[row * EXPRESSIONS + 1] = -0.3 * open + 0.2 * (random.next() - 0.5);
    lleBank[row * EXPRESSIONS + 2] = 0.5 * open; // goes along with it
  }
  return { neutral, expressionBasis, lleBank };
}

/** A second, open by so many cm. */
function open(cm: number): Float32Array {
  const rows = new Float32Array(RATE * EXPRESSIONS);
  for (let row = 0; row < RATE; row++) rows.set([cm, 0.1], row * EXPRESSIONS);
  return rows;
}

describe('where it is known that lips meet', () => {
  const heard = open(1);
  const told = new ToldClosures(rig).of(heard, RATE, [{ from: 0.45, to: 0.55 }], 0.04);

  it('they do, and come and go in 80 ms; elsewhere the mouth is as it was', () => {
    expect(gap.at(told, 50)).toBeLessThan(0.02);
    expect(gap.at(told, 46)).toBeLessThan(0.02);
    expect(gap.at(told, 58)).toBeGreaterThan(gap.at(told, 56));
    for (const row of [0, 36, 64, 99]) expect(gap.at(told, row)).toBe(gap.at(heard, row));
    expect(gap.at(heard, 50)).toBeCloseTo(1, 2); // what was heard stays as it is
  });

  it('they do as this person shuts theirs: what goes with it does, and the width stays', () => {
    expect(told[50 * EXPRESSIONS + 2]).toBeCloseTo(-0.5 * (1 - gap.at(told, 50)), 1);
    expect(width.at(told, 50)).toBeCloseTo(width.at(heard, 50), 2);
  });

  it('a closure of no length lasts as long as a frame, and one that is there already stays', () => {
    const short = new ToldClosures(rig).of(heard, RATE, [{ from: 0.5, to: 0.5 }], 0.04);
    for (const row of [49, 50, 51]) expect(gap.at(short, row)).toBeLessThan(0.02);
    const shut = open(0.001);
    expect(new ToldClosures(rig).of(shut, RATE, [{ from: 0.45, to: 0.55 }], 0.04)).toEqual(shut);
  });

  it('a person who never moves their mouth keeps it as it is', () => {
    const still = new ToldClosures({ ...rig, lleBank: new Float32Array(50 * EXPRESSIONS) });
    const same = still.of(heard, RATE, [{ from: 0.45, to: 0.55 }], 0.04);
    expect([...same].every(Number.isFinite)).toBe(true);
  });
});
