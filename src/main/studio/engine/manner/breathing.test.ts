import { describe, expect, it } from 'vitest';
import type { MotionTrack } from '../bundle/index.ts';
import { SeededRandom } from '../numbers/random.ts';
import { facedRig } from '../speaking.fixture.ts';
import { Breathing, learnBreathing } from './breathing.ts';
import { NaturalMotion } from './natural.ts';

const FPS = 25;
const CROP = 200;

interface Made {
  readonly seconds: number;
  readonly seed: number;
  /** Pixels up, between the shoulders. */
  readonly breath: number;
  readonly perSecond?: number;
}

/** Somebody who nods and shifts about (AR(1), a second long), shoulders and all, and breathes beside it. */
function shifting({ seconds, seed, breath, perSecond = 0.27 }: Made): MotionTrack {
  const random = new SeededRandom(seed);
  const frames = Math.round(seconds * FPS);
  const slow = (): Float64Array => {
    const keep = Math.exp(-1 / FPS);
    let value = random.normal();
    return Float64Array.from(
      { length: frames },
      () => (value = keep * value + Math.sqrt(1 - keep ** 2) * random.normal()),
    );
  };
  const [nods, shifts, sways, sizes] = [slow(), slow(), slow(), slow()];
  const rotation = new Float32Array(frames * 9);
  const translation = new Float32Array(frames * 3);
  const torso = new Float32Array(frames * 6);
  const crop = new Float32Array(frames * 3);
  for (let k = 0; k < frames; k++) {
    const nod = 0.03 * nods[k]!;
    rotation.set([1, 0, 0, 0, Math.cos(nod), -Math.sin(nod), 0, Math.sin(nod), Math.cos(nod)], k * 9);
    translation.set([0.3 * shifts[k]!, 0, -60], k * 3);
    const scale = 1 + 0.001 * sizes[k]!;
    const up = breath * Math.sin(2 * Math.PI * perSecond * (k / FPS)) + 0.8 * nods[k]!;
    // the crop's lower edge stays where it is while the torso is made larger
    torso.set([scale, 0, sways[k]! + (1 - scale) * 100, 0, scale, 0.3 * sways[k]! - up + (1 - scale) * CROP], k * 6);
    crop.set([0, 0, CROP], k * 3);
  }
  const zeros = (width: number): Float32Array => new Float32Array(frames * width);
  return {
    frames,
    time: Float64Array.from({ length: frames }, (_, k) => k / FPS),
    state: new Uint8Array(frames),
    expression: zeros(64),
    rotation,
    translation,
    gaze: zeros(4),
    crop,
    torso,
    torsoPose: new Float32Array(12),
  };
}

/** How high the shoulders are in a torso [6], pixels. */
const heightOf = (t: Float32Array): number => -(t[3]! * CROP * 0.5 + t[4]! * CROP + t[5]!);

/** Amplitude of a rhythm in even values, whatever its phase. */
function amplitude(values: readonly number[], rate: number, perSecond: number): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const part = (wave: (angle: number) => number): number =>
    values.reduce((sum, value, k) => sum + (value - mean) * wave((2 * Math.PI * perSecond * k) / rate), 0);
  return (2 / values.length) * Math.hypot(part(Math.cos), part(Math.sin));
}

describe('breath', () => {
  const breathing = shifting({ seconds: 60, seed: 3, breath: 0.6 });
  const habit = learnBreathing(breathing)!;

  it('is found beside the posture of shoulders that go with the head, as often as it is', () => {
    expect(habit.perSecond).toBeCloseTo(0.27, 2);
    expect(habit.spread).toBeLessThan(0.1);
    expect(habit.chance).toBeLessThan(1e-3);
  });

  it('is seldom found where there is none, and never in a few seconds', () => {
    const seeds = Array.from({ length: 150 }, (_, seed) => seed);
    const found = seeds.filter((seed) => learnBreathing(shifting({ seconds: 20 + (seed % 3) * 20, seed, breath: 0 })));
    expect(found.length).toBeLessThanOrEqual(4);
    expect(learnBreathing(shifting({ seconds: 15, seed: 3, breath: 3 }))).toBeUndefined();
    const still = shifting({ seconds: 30, seed: 3, breath: 0 });
    still.torso.forEach((_, i) => (still.torso[i] = [1, 0, 0, 0, 1, 0][i % 6]!));
    expect(learnBreathing(still)).toBeUndefined();
  });

  it('goes on as deep and as often, in another seed at another moment', () => {
    const rest = Float32Array.of(1, 0, 0, 0, 1, 0);
    const [one, same, other] = [5, 5, 6].map((seed) => {
      const breath = new Breathing(habit, seed);
      return Array.from({ length: 5 * 600 }, (_, k) => heightOf(breath.with(rest, k / 5)));
    }) as [number[], number[], number[]];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    const ups = one.filter((height, k) => k > 0 && one[k - 1]! - one[0]! <= -CROP - one[0]! && height > -CROP).length;
    expect(ups / 600).toBeCloseTo(habit.perSecond, 1);
    expect(Math.max(...one) + CROP).toBeGreaterThan(0.4);
    expect(Math.max(...one) + CROP).toBeLessThan(0.9);
  });

  it('is the same whichever moment is asked for first', () => {
    const rest = Float32Array.of(1, 0, 0, 0, 1, 0);
    const [forward, back] = [new Breathing(habit, 5), new Breathing(habit, 5)];
    const moments = [0, 3.3, 17, 40.2];
    const there = moments.map((at) => forward.with(rest, at));
    expect(moments.toReversed().map((at) => back.with(rest, at))).toEqual(there.toReversed());
  });

  it('is taken off what was filmed', () => {
    const breath = new Breathing(habit, 5);
    const rows = Array.from({ length: breathing.frames }, (_, k) => breathing.torso.subarray(k * 6, k * 6 + 6));
    const filmed = amplitude(rows.map(heightOf), FPS, 0.27);
    const without = amplitude(
      rows.map((torso, k) => heightOf(breath.without(torso, k / FPS))),
      FPS,
      0.27,
    );
    expect(filmed).toBeGreaterThan(0.4);
    expect(without).toBeLessThan(0.3 * filmed);
  });

  it('goes through natural motion without a break, and nothing else changes', () => {
    const rig = facedRig();
    const motion = new NaturalMotion(breathing, rig, 9);
    const plain = new NaturalMotion(
      { ...breathing, torso: breathing.torso.map((_, i) => [1, 0, 0, 0, 1, 0][i % 6]!) },
      rig,
      9,
    );
    const seconds = 240;
    const heights = Array.from({ length: seconds * 5 }, (_, k) => heightOf(motion.at(k / 5).torso));
    const own = Array.from({ length: 300 }, (_, k) => heightOf(breathing.torso.subarray(k * 30, k * 30 + 6)));
    expect(amplitude(own, 5, 0.27)).toBeGreaterThan(0.4);
    // lengths of breaths differ: around the rate, not at it
    const around = Array.from({ length: 21 }, (_, k) => amplitude(heights, 5, 0.26 + k * 0.001) ** 2);
    expect(Math.sqrt(around.reduce((a, b) => a + b, 0))).toBeGreaterThan(0.4);
    for (const at of [0, 7.3, 100.1]) {
      const [{ torso: _, ...rest }, { torso: _plain, ...expected }] = [motion.at(at), plain.at(at)];
      expect(rest).toEqual(expected);
    }
  });
});
