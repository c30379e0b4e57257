import { describe, expect, it } from 'vitest';
import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import { type MotionTrack, openBundle, readIdle, readRig, type Rig } from '../bundle/index.ts';
import { TINY } from '../bundles.fixture.ts';
import { SeededRandom } from '../numbers/random.ts';
import { blinkMoments } from './blink-moments.ts';
import { learnBlinks, shutAt } from './blinks.ts';
import { NaturalMotion } from './natural.ts';

const FPS = 25;
const EYES = 5;
const MOUTH = 0;
const OPEN = 0.8; // cm between the lids

/** A rig whose coefficient 5 shuts the eyes: one unit of it, all the way. Nothing else moves them. */
function eyedRig(): Pick<Rig, 'neutral' | 'expressionBasis' | 'eyeMask'> {
  const neutral = new Float32Array(VERTICES * 3);
  const expressionBasis = new Float32Array(EXPRESSIONS * VERTICES * 3);
  for (const upper of [159, 386]) {
    neutral[upper * 3 + 1] = OPEN;
    expressionBasis[(EYES * VERTICES + upper) * 3 + 1] = -OPEN;
  }
  const eyeMask = new Float32Array(EXPRESSIONS ** 2);
  eyeMask[EYES * EXPRESSIONS + EYES] = 1;
  return { neutral, expressionBasis, eyeMask };
}

/** A person who turns their head slowly, blinks for 0.2 s every `interval` s, and speaks. */
function watched(seconds: number, interval: number): MotionTrack {
  const frames = Math.round(seconds * FPS);
  const time = Float64Array.from({ length: frames }, (_, k) => k / FPS);
  const expression = new Float32Array(frames * EXPRESSIONS);
  const rotation = new Float32Array(frames * 9);
  const translation = new Float32Array(frames * 3);
  time.forEach((at, k) => {
    const phase = (at % interval) / 0.2;
    expression[k * EXPRESSIONS + EYES] = phase < 1 ? Math.sin(Math.PI * phase) : 0;
    expression[k * EXPRESSIONS + MOUTH] = Math.sin(9 * at);
    const yaw = 0.1 * Math.sin(at);
    rotation.set([Math.cos(yaw), 0, Math.sin(yaw), 0, 1, 0, -Math.sin(yaw), 0, Math.cos(yaw)], k * 9);
    translation.set([Math.sin(at / 2), 0, 50], k * 3);
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
  };
}

describe('blink habits', () => {
  it('are the person’s own where they blink often enough', () => {
    const habits = learnBlinks(watched(40, 2.5), eyedRig());
    expect(habits.perSecond).toBeCloseTo((16 + (17 / 60) * 20) / (40 + 20), 2);
    expect(habits.seconds).toBeGreaterThan(0.15);
    expect(habits.seconds).toBeLessThan(0.3);
    expect(habits.closing[EYES]).toBeGreaterThan(0.9);
    expect(habits.closing.filter((value) => value !== 0)).toHaveLength(1);
    expect(Math.max(...habits.profile)).toBeCloseTo(1, 6);
    expect([habits.profile[0], habits.profile.at(-1)]).toEqual([0, 0]);
  });

  it('shut the lids, and leave alone what else the eyes’ part did while the person blinked', () => {
    const track = watched(40, 2.5);
    const BESIDE = 9;
    const rig = eyedRig();
    rig.eyeMask[BESIDE * EXPRESSIONS + BESIDE] = 1;
    // brows are up around every blink
    track.time.forEach((at, k) => (track.expression[k * EXPRESSIONS + BESIDE] = (at + 0.4) % 2.5 < 0.9 ? 1 : 0));
    const { closing } = learnBlinks(track, rig);
    expect(closing[EYES]).toBeGreaterThan(0.9);
    expect(Math.abs(closing[BESIDE]!)).toBeLessThan(0.1);
  });

  it('are the usual ones for somebody who hardly blinks, whose eyes then stay as they are', () => {
    const still = watched(20, 1e6);
    still.expression.fill(0);
    const habits = learnBlinks(still, eyedRig());
    expect(habits.perSecond).toBeCloseTo(17 / 60 / 2, 3); // half of what is known is that nothing was seen
    expect(habits.closing.every((value) => value === 0)).toBe(true);
  });

  it('do not take a long look down for a blink', () => {
    const track = watched(20, 1e6);
    track.expression.fill(0);
    for (let k = 100; k < 150; k++) track.expression[k * EXPRESSIONS + EYES] = 1;
    expect(learnBlinks(track, eyedRig()).perSecond).toBeCloseTo(17 / 60 / 2, 3);
  });
});

describe('moments of blinking', () => {
  const habits = { perSecond: 0.3, seconds: 0.25, spread: 0.5, profile: Float64Array.of(0, 1, 0) };
  const moments = (seed: number, count: number) => {
    const endless = blinkMoments(habits, new SeededRandom(seed));
    return Array.from({ length: count }, () => endless.next().value);
  };

  it('come at the rate that was learnt, never one into the other', () => {
    const found = moments(1, 2000);
    expect(found.at(-1)! / 2000).toBeGreaterThan(0.9 / 0.3);
    expect(found.at(-1)! / 2000).toBeLessThan(1.1 / 0.3);
    for (let k = 1; k < found.length; k++) expect(found[k]! - found[k - 1]!).toBeGreaterThan(habits.seconds);
  });

  it('are the same for the same seed and others for another', () => {
    expect(moments(7, 20)).toEqual(moments(7, 20));
    expect(moments(7, 20)).not.toEqual(moments(8, 20));
  });

  it('shut the eyes half-way and open them again', () => {
    expect([0, 0.125, 0.25, 3].map((since) => shutAt(habits, since))).toEqual([0, 1, 0, 0]);
  });
});

describe('natural motion', () => {
  const track = watched(20, 3);
  const rig = eyedRig();

  it('is the same for the same seed, whatever is asked for first', () => {
    const forwards = new NaturalMotion(track, rig, 3);
    const backwards = new NaturalMotion(track, rig, 3);
    const moments = Array.from({ length: 30 }, (_, k) => k * 0.7);
    const one = moments.map((at) => forwards.at(at));
    const other = moments
      .toReversed()
      .map((at) => backwards.at(at))
      .toReversed();
    expect(one).toEqual(other);
    const another = new NaturalMotion(track, rig, 4);
    expect(moments.map((at) => another.at(at))).not.toEqual(one);
  });

  it('moves on without a jump for ten minutes, within what the person does', () => {
    const motion = new NaturalMotion(track, rig, 5);
    const apart = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    let last = motion.at(0);
    let [moved, turned, furthest] = [0, 0, 0];
    for (let k = 1; k < 600 * FPS; k++) {
      const now = motion.at(k / FPS);
      moved = Math.max(moved, apart(now.translation, last.translation));
      turned = Math.max(turned, apart(now.rotation, last.rotation));
      furthest = Math.max(furthest, Math.abs(now.translation[0]!));
      last = now;
    }
    expect(moved).toBeLessThan(0.1); // cm a frame; the person's own fastest is 0.02
    expect(turned).toBeLessThan(0.01);
    expect(furthest).toBeLessThanOrEqual(1);
  });

  it('sways as in the frames that it is made of, from one piece to the next too', () => {
    const sway = new Float32Array(track.frames * 128);
    for (let row = 0; row < track.frames; row++) sway[row * 128 + 5] = track.translation[row * 3]!;
    const motion = new NaturalMotion({ ...track, sway }, rig, 5);
    for (let k = 0; k < 400; k++) {
      const control = motion.at(k * 0.09);
      expect(control.sway![5]).toBeCloseTo(control.translation[0]!, 6);
    }
    expect(new NaturalMotion(track, rig, 5).at(1)).not.toHaveProperty('sway');
  });

  it('keeps rotations rotations', () => {
    const motion = new NaturalMotion(track, rig, 6);
    for (let k = 0; k < 200; k++) {
      const { rotation: r } = motion.at(k * 0.13);
      for (const [a, b, expected] of [
        [0, 0, 1],
        [3, 3, 1],
        [6, 6, 1],
        [0, 3, 0],
        [0, 6, 0],
        [3, 6, 0],
      ] as const) {
        expect(r[a]! * r[b]! + r[a + 1]! * r[b + 1]! + r[a + 2]! * r[b + 2]!).toBeCloseTo(expected, 5);
      }
    }
  });

  it('blinks as often as the person, and never keeps the eyes shut', () => {
    const motion = new NaturalMotion(track, rig, 9);
    let [blinks, shut, longest, before] = [0, 0, 0, 0];
    for (let k = 0; k < 300 * 100; k++) {
      const eyes = motion.at(k / 100).expression[EYES]!;
      if (eyes > 0.5 && before <= 0.5) blinks += 1;
      shut = eyes > 0.5 ? shut + 1 : 0;
      longest = Math.max(longest, shut);
      before = eyes;
    }
    expect(blinks / 300).toBeGreaterThan(0.7 * learnBlinks(track, rig).perSecond);
    expect(blinks / 300).toBeLessThan(1.3 * learnBlinks(track, rig).perSecond);
    expect(longest / 100).toBeLessThan(0.3);
  });

  it('copes with a video of which little is good', async () => {
    const tiny = await openBundle(TINY);
    const motion = new NaturalMotion(readIdle(tiny), readRig(tiny), 1); // shorter than a piece
    expect(motion.at(0)).toEqual(motion.at(100));
  });
});
