import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { rotationVector, withHeadTurn } from './head-turn.ts';
import { EXPRESSIONS } from './rig.ts';

interface Golden {
  readonly angles: number[][];
  readonly slopes: number[][];
  readonly rotations: number[][];
  readonly added: number[][];
}
const golden = JSON.parse(await readFile(new URL('./fixtures/head-turn.json', import.meta.url), 'utf8')) as Golden;
const wide = { expressionLow: new Float32Array(EXPRESSIONS).fill(-99), expressionHigh: new Float32Array(EXPRESSIONS).fill(99) };
const headTurn = { angles: Float32Array.from(golden.angles.flat()), slopes: Float32Array.from(golden.slopes.flat()) };
const spoken = Float32Array.from({ length: EXPRESSIONS }, (_, k) => Math.sin(k));

describe('what a turned head adds to what is spoken', () => {
  it('is what the trainer adds, also where the head is turned further than it was seen', () => {
    for (const [i, rotation] of golden.rotations.entries()) {
      const shown = withHeadTurn({ ...wide, headTurn }, spoken, Float32Array.from(rotation));
      golden.added[i]!.forEach((added, k) => expect(shown[k]! - spoken[k]!).toBeCloseTo(added, 3));
    }
  });

  it('stays in the range of the person', () => {
    const narrow = { headTurn, expressionLow: new Float32Array(EXPRESSIONS).fill(-0.1), expressionHigh: new Float32Array(EXPRESSIONS).fill(0.1) };
    const shown = withHeadTurn(narrow, new Float32Array(EXPRESSIONS), Float32Array.from(golden.rotations[0]!));
    expect(Math.max(...shown.map(Math.abs))).toBeCloseTo(0.1, 6);
  });

  it('is nothing with avatars of before', () => {
    expect(withHeadTurn(wide, spoken, Float32Array.from(golden.rotations[0]!))).toBe(spoken);
  });
});

describe('a rotation vector', () => {
  const turned = (angle: number) => Float32Array.of(Math.cos(angle), 0, Math.sin(angle), 0, 1, 0, -Math.sin(angle), 0, Math.cos(angle));
  it.each([0, 1e-8, 0.3, -1.2, 3.1])('of %d about the vertical axis', (angle) => {
    const vector = rotationVector(turned(angle));
    [0, angle, 0].forEach((value, axis) => expect(vector[axis]).toBeCloseTo(value, 4));
  });

  it('of half a turn points along its axis', () => {
    expect(Math.hypot(...rotationVector(Float32Array.of(-1, 0, 0, 0, 1, 0, 0, 0, -1)))).toBeCloseTo(Math.PI, 5);
  });
});
