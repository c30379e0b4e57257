import { describe, expect, it } from 'vitest';
import type { MotionTrack } from '../bundle/index.ts';
import { BROW, BROW_LAG, EYES, facedRig, heardFrom, NOD_LAG, speaking, spokenAt } from '../speaking.fixture.ts';
import { findAccents } from '../speech/index.ts';
import { learnBlinks } from './blinks.ts';
import { NaturalMotion } from './natural.ts';
import { learnSpeechHabits, nodAndTurn, pauseAt, type SpeechHabits } from './speech-habits.ts';

const SECONDS = 40;
const rig = facedRig();
const said = spokenAt(SECONDS, 1);
/** Nods and raises their brows with what they say, and blinks in pauses. */
const pauses = said.flatMap(({ at }, k) => (k > 0 && at - said[k - 1]!.at > 0.9 ? [(at + said[k - 1]!.at) / 2] : []));
const lively = speaking(SECONDS, said, said, pauses);
/** Moves as much, whatever they say. */
const aloof = speaking(
  SECONDS,
  said,
  spokenAt(SECONDS, 7),
  Array.from({ length: 12 }, (_, k) => 1 + k * 3.17),
);
/** What is spoken anew. */
const speech = spokenAt(60, 21);
const accents = findAccents(heardFrom(speech, 60));

const habitsOf = (track: MotionTrack): SpeechHabits => {
  return learnSpeechHabits(track, rig, learnBlinks(track, rig), findAccents(track.heard!));
};
const nodOf = (rotation: Float32Array): number => nodAndTurn(rotation)[0];

/** Mean of what a motion does so long after each accented syllable, less its mean. */
function after(lag: number, of: (seconds: number) => number): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const accented = speech.filter((syllable) => syllable.accented).map(({ at }) => at + lag);
  return mean(accented.map(of)) - mean(Array.from({ length: 1500 }, (_, k) => of(k / 25)));
}

describe('what goes with speech', () => {
  it('is learnt with its lag from somebody whose head and brows go with their accents', () => {
    const { head, brows } = habitsOf(lively);
    expect(head!.coupling.share).toBeGreaterThan(0.5);
    expect(head!.coupling.r[0]).toBeGreaterThan(0.5);
    expect(head!.coupling.folds[0]).toHaveLength(5);
    expect(head!.coupling.responses[0]!.lag).toBeCloseTo(NOD_LAG, 1);
    expect(brows!.coupling.share).toBeGreaterThan(0.5);
    expect(brows!.coupling.responses[0]!.lag).toBeCloseTo(BROW_LAG, 1);
  });

  it('is nothing with somebody who moves whatever they say', () => {
    const { head, brows, blinks } = habitsOf(aloof);
    expect([head!.coupling.share, brows!.coupling.share, blinks.pauses]).toEqual([0, 0, 0]);
  });

  it('is not told from a few seconds', () => {
    const short = speaking(8, spokenAt(8, 1), spokenAt(8, 1));
    expect(habitsOf(short)).toMatchObject({ head: undefined, brows: undefined });
  });

  it('tells blinks in pauses', () => {
    expect(habitsOf(lively).blinks.pauses).toBeGreaterThan(0.3);
  });
});

describe('natural motion that goes with what is said', () => {
  const moving = (seed: number, track = lively) => new NaturalMotion(track, rig, seed, accents);

  it('nods and raises the brows where the person would, and does not without the sound', () => {
    const seeds = [1, 2, 3, 4];
    const mean = (of: (seed: number) => number): number =>
      seeds.reduce((sum, seed) => sum + of(seed), 0) / seeds.length;
    const nods = (motion: NaturalMotion) =>
      after(NOD_LAG, (at) => nodOf(motion.at(at).rotation)) -
      after(NOD_LAG - 0.4, (at) => nodOf(motion.at(at).rotation));
    const raises = (motion: NaturalMotion) =>
      after(BROW_LAG, (at) => motion.at(at).expression[BROW]!) -
      after(BROW_LAG + 0.4, (at) => motion.at(at).expression[BROW]!);
    expect(mean((seed) => nods(moving(seed)))).toBeGreaterThan(0.01);
    expect(Math.abs(mean((seed) => nods(new NaturalMotion(lively, rig, seed))))).toBeLessThan(0.008);
    expect(mean((seed) => raises(moving(seed)))).toBeGreaterThan(0.08);
    expect(Math.abs(mean((seed) => raises(new NaturalMotion(lively, rig, seed))))).toBeLessThan(0.05);
  });

  it('is as without the sound where nothing goes with it, nothing is said, or the video’s own is not known', () => {
    const moments = Array.from({ length: 100 }, (_, k) => k * 0.37);
    const shown = (motion: NaturalMotion) => moments.map((at) => motion.at(at));
    expect(shown(moving(3, aloof))).toEqual(shown(new NaturalMotion(aloof, rig, 3)));
    expect(shown(new NaturalMotion(lively, rig, 3, new Float32Array(0)))).toEqual(
      shown(new NaturalMotion(lively, rig, 3)),
    );
    const { heard: _heard, ...unheard } = lively;
    expect(shown(moving(3, unheard))).toEqual(shown(new NaturalMotion(unheard, rig, 3)));
    expect(shown(moving(3))).not.toEqual(shown(new NaturalMotion(lively, rig, 3)));
  });

  it('is the same for the same seed and sound, whichever moment is asked for first', () => {
    const moments = Array.from({ length: 80 }, (_, k) => k * 0.71);
    const forwards = moments.map((at) => moving(5).at(at));
    const one = moving(5);
    const backwards = moments
      .toReversed()
      .map((at) => one.at(at))
      .toReversed();
    expect(backwards).toEqual(forwards);
    const other = new NaturalMotion(lively, rig, 5, findAccents(heardFrom(spokenAt(60, 22), 60)));
    expect(moments.map((at) => other.at(at))).not.toEqual(forwards);
  });

  it('does not play again what went best with the sound a moment ago', () => {
    const motion = moving(2);
    const nods = Array.from({ length: 60 * 25 }, (_, k) => nodOf(motion.at(k / 25).rotation));
    // The tracker's noise tells every moment of the video from every other: the same second twice is the same to the
    // last bit.
    const same = (a: number, b: number): boolean =>
      Array.from({ length: 10 }, (_, k) => k).every((k) => Math.abs(nods[a + k]! - nods[b + k]!) < 1e-3);
    for (let k = 0; k + 135 < nods.length; k += 5)
      for (let later = k + 15; later < k + 125; later++) expect(same(k, later)).toBe(false);
  });

  it('blinks in pauses, as often as before, and never keeps the eyes shut', () => {
    const long = findAccents(heardFrom(spokenAt(1200, 33), 1200));
    const watched = (motion: NaturalMotion) => {
      let [shut, longest, before] = [0, 0, 0];
      const begun: number[] = [];
      for (let k = 0; k < 1200 * 50; k++) {
        const eyes = motion.at(k / 50).expression[EYES]!;
        if (eyes > 0.5 && before <= 0.5) begun.push(k / 50);
        shut = eyes > 0.5 ? shut + 1 : 0;
        longest = Math.max(longest, shut);
        before = eyes;
      }
      return {
        begun,
        longest: longest / 50,
        depth: begun.reduce((sum, at) => sum + pauseAt(long, at), 0) / begun.length,
      };
    };
    const [plain, fitting] = [
      watched(new NaturalMotion(lively, rig, 8)),
      watched(new NaturalMotion(lively, rig, 8, long)),
    ];
    expect(fitting.depth).toBeGreaterThan(1.2 * plain.depth);
    expect(fitting.begun.length / plain.begun.length).toBeGreaterThan(0.85);
    expect(fitting.begun.length / plain.begun.length).toBeLessThan(1.15);
    expect(fitting.longest).toBeLessThan(0.3);
  });

  it('knows any moment of an hour, the last one as the first', () => {
    const motion = moving(1);
    const late = motion.at(3600);
    expect(motion.at(0)).toEqual(moving(1).at(0));
    const again = moving(1);
    again.at(1800);
    expect(again.at(3600)).toEqual(late);
  });
});
