/** A person whose every movement is known: coefficients that do one thing each, and what goes together in them. */
import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import { type MotionTrack, openBundle, readIdle, readRig, type Rig } from '../bundle/index.ts';
import { TINY } from '../bundles.fixture.ts';
import { SeededRandom } from '../numbers/random.ts';
import { type HeadAngles, headRotation } from './angles.ts';

export const [JAW, SMILE, BROWS, LIDS, CHEEKS] = [0, 1, 2, 3, 4] as const;
export const FPS = 25;
export const FRAMES = 40 * FPS;
/** cm; where the head is as a rule, and degrees that its eyes look up as a rule. */
export const PLACE = [1, -2, -60] as const;

const tiny = await openBundle(TINY);
export const SOURCE = tiny.manifest.source;
export const STYLES = [] as const;

export function knownRig(): Rig {
  const rig = readRig(tiny);
  const basis = new Float32Array(EXPRESSIONS * VERTICES * 3);
  const move = (coefficient: number, vertices: readonly number[], axis: number, cm: number) =>
    vertices.forEach((vertex) => (basis[(coefficient * VERTICES + vertex) * 3 + axis] = cm));
  move(JAW, [14, 17, 152], 1, -1);
  move(SMILE, [61, 291], 1, 1);
  move(BROWS, [63, 105, 66, 107, 336, 296, 334, 293], 1, 1);
  move(LIDS, [160, 159, 158, 385, 386, 387], 1, -1);
  move(CHEEKS, [50, 280], 1, 1); // which no lane measures
  const eyeMask = new Float32Array(EXPRESSIONS * EXPRESSIONS);
  for (const k of [BROWS, LIDS]) eyeMask[k * EXPRESSIONS + k] = 1;
  const [low, high] = [-2, 2].map((limit) => new Float32Array(EXPRESSIONS).fill(limit)) as [Float32Array, Float32Array];
  const { expression } = knownTrack();
  return {
    ...rig,
    expressionBasis: basis,
    eyeMask,
    expressionLow: low,
    expressionHigh: high,
    lleBank: expression.slice(0, 400 * EXPRESSIONS),
  };
}

/**
 * The jaw goes up and down, now and then there is a smile with cheeks, brows hardly move; the head turns by 20 degrees
 * to either side, the eyes by about 10, and lids follow them down.
 */
export function knownTrack(): MotionTrack {
  const idle = readIdle(tiny);
  const random = new SeededRandom(3);
  const rows = (width: number, of: (frame: number) => ArrayLike<number>): Float32Array => {
    const values = new Float32Array(FRAMES * width);
    for (let frame = 0; frame < FRAMES; frame++) values.set(Array.from(of(frame)), frame * width);
    return values;
  };
  const looks = Array.from({ length: FRAMES }, (_, k) => [0.07 * Math.sin(k / 31), 0.05 * Math.sin(k / 47)] as const);
  const wide = Float32Array.from(PLACE);
  const held = (frame: number): HeadAngles => ({
    yaw: 20 * Math.sin(frame / 61),
    pitch: 8 * Math.sin(frame / 83),
    roll: 5 * Math.sin(frame / 97),
  });
  return {
    ...idle,
    frames: FRAMES,
    time: Float64Array.from({ length: FRAMES }, (_, frame) => frame / FPS),
    state: new Uint8Array(FRAMES),
    expression: rows(EXPRESSIONS, (frame) => {
      const row = new Float32Array(EXPRESSIONS);
      row[JAW] = 0.5 + 0.5 * Math.sin(frame / 2.3) + 0.01 * random.normal();
      row[SMILE] = 0.4 * Math.sin(frame / 19) + 0.01 * random.normal();
      row[CHEEKS] = 0.5 * row[SMILE]!;
      row[BROWS] = 0.005 * random.normal();
      row[LIDS] = 0.1 * Math.sin(frame / 11) - 2 * looks[frame]![1];
      return row;
    }),
    rotation: rows(9, (frame) => headRotation(held(frame), wide)),
    translation: rows(3, () => PLACE),
    gaze: rows(4, (frame) => [...looks[frame]!, ...looks[frame]!]),
    crop: rows(3, () => [20, 10, 100]),
    torso: rows(6, () => [1, 0, 0, 0, 1, 0]),
  };
}
