/**
 * A person of five coefficients (mouth, brows, corners of the mouth, lids, upper lip) who holds their face in three
 * ways.
 */
import { EXPRESSIONS, VERTICES } from '../../../shared/face/index.ts';
import { type MotionTrack, openBundle, readIdle, readRig, type Rig } from './bundle/index.ts';
import { TINY } from './bundles.fixture.ts';
import { SeededRandom } from './numbers/random.ts';

export const [MOUTH, BROWS, CORNERS, LIDS, LIP] = [0, 1, 2, 3, 4] as const;
const FPS = 25;
/** Mean of brows and corners in each third, cm; the usual face lies between them. */
const MOODS = [
  [0, 0],
  [0.6, 0],
  [0, 0.6],
] as const;

const UPPER_LIDS = [160, 159, 158, 385, 386, 387];
const UPPER_LIP = [13, 82, 312, 81, 311];

const tiny = await openBundle(TINY);

export function moodyRig(): Rig {
  const rig = readRig(tiny);
  const basis = new Float32Array(EXPRESSIONS * VERTICES * 3);
  basis.set(rig.expressionBasis.subarray(0, VERTICES * 3)); // the mouth
  const lift = (coefficient: number, vertices: readonly number[], cm: number) =>
    vertices.forEach((vertex) => (basis[(coefficient * VERTICES + vertex) * 3 + 1] = cm));
  lift(BROWS, [70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 300, 293, 334, 296, 336, 285, 295, 282, 283, 276], 1);
  lift(BROWS, UPPER_LIDS, 0.2); // brows take the lids along a little
  lift(CORNERS, [61, 76, 57, 291, 306, 287], 1);
  lift(CORNERS, UPPER_LIP, 0.2); // and the corners the upper lip
  lift(LIDS, UPPER_LIDS, -1);
  lift(LIP, UPPER_LIP, 1);
  const [low, high] = [new Float32Array(EXPRESSIONS), new Float32Array(EXPRESSIONS)];
  for (const [k, limit] of [
    [MOUTH, 1.5],
    [BROWS, 0.7],
    [CORNERS, 0.7],
    [LIDS, 0.7],
    [LIP, 0.4],
  ] as const)
    [low[k], high[k]] = [-0.4, limit];
  return { ...rig, expressionBasis: basis, expressionLow: low, expressionHigh: high };
}

/** Thirty seconds: `mood` 1 is all of it, 0 a face that is held alike all the time. The head turns as it likes. */
export function moodyTrack(mood: number): MotionTrack {
  const frames = 30 * FPS;
  const random = new SeededRandom(5);
  const expression = new Float32Array(frames * EXPRESSIONS);
  const rotation = new Float32Array(frames * 9);
  for (let frame = 0; frame < frames; frame++) {
    const turned = 0.2 * Math.sin(frame / 23);
    const [brows, corners] = MOODS[Math.floor((3 * frame) / frames)]!;
    expression[frame * EXPRESSIONS + MOUTH] = 0.7 + 0.6 * Math.sin(frame / 2);
    // a turned head is tracked with raised brows
    expression[frame * EXPRESSIONS + BROWS] = mood * brows + 0.02 * random.normal() + 0.5 * turned;
    expression[frame * EXPRESSIONS + CORNERS] = mood * corners + 0.02 * random.normal();
    rotation.set([Math.cos(turned), 0, Math.sin(turned), 0, 1, 0, -Math.sin(turned), 0, Math.cos(turned)], frame * 9);
  }
  const some = (width: number) => new Float32Array(frames * width);
  const state = new Uint8Array(frames);
  state[10] = 2;
  return {
    ...readIdle(tiny),
    frames,
    time: Float64Array.from({ length: frames }, (_, k) => k / FPS),
    state,
    expression,
    rotation,
    translation: some(3),
    gaze: some(4),
    crop: some(3).fill(100),
    torso: some(6),
  };
}
