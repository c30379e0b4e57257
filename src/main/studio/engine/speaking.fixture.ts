/**
 * Somebody made up who speaks: sounds with known accents, and a video of them whose head, brows and blinks go with
 * those, or not.
 */
import { EXPRESSIONS, VERTICES } from '../../../shared/face/index.ts';
import { HEARD_COLUMNS, type MotionTrack, type Rig } from './bundle/index.ts';
import { SeededRandom } from './numbers/random.ts';

export const FPS = 25;
/** Coefficients that shut the eyes (0.8 cm a unit) and raise the brows (1 cm a unit). */
export const EYES = 5;
export const BROW = 6;
export const NOD_LAG = 0.2;
export const BROW_LAG = -0.2;

/** A rig of two coefficients that speech does not set. */
export function facedRig(): Pick<Rig, 'neutral' | 'expressionBasis' | 'eyeMask'> {
  const neutral = new Float32Array(VERTICES * 3);
  const expressionBasis = new Float32Array(EXPRESSIONS * VERTICES * 3);
  for (const upper of [159, 386]) {
    neutral[upper * 3 + 1] = 0.8;
    expressionBasis[(EYES * VERTICES + upper) * 3 + 1] = -0.8;
  }
  for (const brow of [63, 105, 66, 107, 336, 296, 334, 293]) expressionBasis[(BROW * VERTICES + brow) * 3 + 1] = 1;
  const eyeMask = new Float32Array(EXPRESSIONS ** 2);
  for (const k of [EYES, BROW]) eyeMask[k * EXPRESSIONS + k] = 1;
  return { neutral, expressionBasis, eyeMask };
}

/** Syllables with pauses between phrases, and which of them are accented. */
export function spokenAt(seconds: number, seed: number): { readonly at: number; readonly accented: boolean }[] {
  const random = new SeededRandom(seed);
  const syllables: { at: number; accented: boolean }[] = [];
  for (let at = 0.3; at < seconds - 0.3; at += 0.25 + 0.15 * random.next() + (random.next() < 0.12 ? 1.1 : 0))
    syllables.push({ at, accented: random.next() < 0.35 });
  return syllables;
}

/** Rows [T,3] that those syllables are heard in. */
export function heardFrom(syllables: ReturnType<typeof spokenAt>, seconds: number): Float32Array {
  const rows = Math.floor(seconds * 100) + 1;
  const heard = new Float32Array(rows * HEARD_COLUMNS);
  for (const { at, accented } of syllables) {
    for (let row = Math.max(Math.round(at * 100) - 20, 0); row < Math.min(Math.round(at * 100) + 21, rows); row++) {
      const bump = Math.exp(-0.5 * ((row / 100 - at) / 0.05) ** 2);
      heard[row * HEARD_COLUMNS] = Math.max(heard[row * HEARD_COLUMNS]!, (accented ? 1 : 0.5) * bump);
      if (bump < 0.3) continue;
      heard[row * HEARD_COLUMNS + 1] = accented ? 0.6 : 0;
      heard[row * HEARD_COLUMNS + 2] = 0.95;
    }
  }
  return heard;
}

/**
 * Their video: heads nod and brows rise by the accents of `moved`, blinks begin at `blinks`; the sound is that of
 * `said`.
 */
export function speaking(
  seconds: number,
  said: ReturnType<typeof spokenAt>,
  moved: ReturnType<typeof spokenAt>,
  blinks: readonly number[] = [],
): MotionTrack {
  const frames = Math.round(seconds * FPS);
  const random = new SeededRandom(99);
  const time = Float64Array.from({ length: frames }, (_, k) => k / FPS);
  const expression = new Float32Array(frames * EXPRESSIONS);
  const rotation = new Float32Array(frames * 9);
  const translation = new Float32Array(frames * 3);
  const accents = moved.filter(({ accented }) => accented);
  const following = (at: number, lag: number): number =>
    accents.reduce((sum, accent) => sum + Math.exp(-0.5 * ((at - accent.at - lag) / 0.12) ** 2), 0);
  time.forEach((at, k) => {
    const blink = blinks.find((begun) => begun <= at && at < begun + 0.2);
    expression[k * EXPRESSIONS + EYES] = blink === undefined ? 0 : Math.sin((Math.PI * (at - blink)) / 0.2);
    expression[k * EXPRESSIONS + BROW] = 0.2 * following(at, BROW_LAG) + 0.03 * random.normal();
    const nod = 0.05 * following(at, NOD_LAG) + 0.05 * Math.sin(0.9 * at) + 0.005 * random.normal();
    rotation.set([1, 0, 0, 0, Math.cos(nod), -Math.sin(nod), 0, Math.sin(nod), Math.cos(nod)], k * 9);
    translation.set([0.3 * Math.sin(at / 2), 0, 50], k * 3);
  });
  const zeros = (width: number) => new Float32Array(frames * width);
  return {
    frames,
    time,
    state: new Uint8Array(frames),
    expression,
    rotation,
    translation,
    gaze: zeros(4),
    crop: zeros(3),
    torso: zeros(6),
    torsoPose: new Float32Array(12),
    heard: heardFrom(said, seconds),
  };
}
