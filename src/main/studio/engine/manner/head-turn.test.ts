import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseSafetensors, writeSafetensors } from '../../../../shared/binary/index.ts';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { openBundle, readRig } from '../bundle/index.ts';
import { TINY } from '../bundles.fixture.ts';
import { rotationVector, withHeadTurn } from './head-turn.ts';

interface Golden {
  readonly angles: number[][];
  readonly slopes: number[][];
  readonly rotations: number[][];
  readonly added: number[][];
}
const golden = JSON.parse(await readFile(new URL('../fixtures/head-turn.json', import.meta.url), 'utf8')) as Golden;
const headTurn = { angles: Float32Array.from(golden.angles.flat()), slopes: Float32Array.from(golden.slopes.flat()) };
const spoken = Float32Array.from({ length: EXPRESSIONS }, (_, k) => Math.sin(k));

describe('what a turned head adds to what is spoken', () => {
  it('is what the trainer adds, also where the head is turned further than it was seen', () => {
    for (const [i, rotation] of golden.rotations.entries()) {
      const shown = withHeadTurn({ headTurn }, spoken, Float32Array.from(rotation));
      golden.added[i]!.forEach((added, k) => expect(shown[k]! - spoken[k]!).toBeCloseTo(added, 3));
    }
  });

  it('is nothing with avatars of before', () => {
    expect(withHeadTurn({}, spoken, Float32Array.from(golden.rotations[0]!))).toBe(spoken);
  });
});

describe('a rotation vector', () => {
  const turned = (angle: number) =>
    Float32Array.of(Math.cos(angle), 0, Math.sin(angle), 0, 1, 0, -Math.sin(angle), 0, Math.cos(angle));
  it.each([0, 1e-8, 0.3, -1.2, 3.1])('of %d about the vertical axis', (angle) => {
    const vector = rotationVector(turned(angle));
    [0, angle, 0].forEach((value, axis) => expect(vector[axis]).toBeCloseTo(value, 4));
  });

  it('of half a turn points along its axis', () => {
    expect(Math.hypot(...rotationVector(Float32Array.of(-1, 0, 0, 0, 1, 0, 0, 0, -1)))).toBeCloseTo(Math.PI, 5);
  });
});

describe('a rig', () => {
  const turn = {
    turn_angles: { shape: [3, 3], values: headTurn.angles },
    turn_slopes: { shape: [7, EXPRESSIONS], values: headTurn.slopes },
  };
  /** The tiny avatar's rig with other tensors beside its own. */
  const rigWith = async (tensors: Parameters<typeof writeSafetensors>[0]) => {
    const bundle = await openBundle(TINY);
    const { metadata, tensors: own } = parseSafetensors(bundle.files.get('rig.safetensors')!);
    const bytes = writeSafetensors(
      { ...(Object.fromEntries(own) as Parameters<typeof writeSafetensors>[0]), ...tensors },
      metadata,
    );
    return () => readRig({ ...bundle, files: new Map([...bundle.files, ['rig.safetensors', bytes]]) });
  };

  it('may hold it, or not', async () => {
    expect((await rigWith({}))().headTurn).toBeUndefined();
    expect((await rigWith(turn))().headTurn).toEqual(headTurn);
  });

  it('with half of it, another shape or no numbers is refused', async () => {
    const { turn_angles, turn_slopes } = turn;
    const wrongShape = { turn_angles, turn_slopes: { ...turn_slopes, shape: [8, 56] } };
    const noNumbers = { turn_angles, turn_slopes: { ...turn_slopes, values: turn_slopes.values.map(() => NaN) } };
    for (const broken of [{ turn_angles }, { turn_slopes }, wrongShape, noNumbers] as Parameters<typeof rigWith>[0][]) {
      expect(await rigWith(broken)).toThrow(expect.objectContaining({ code: 'bad-bundle' }));
    }
  });
});
