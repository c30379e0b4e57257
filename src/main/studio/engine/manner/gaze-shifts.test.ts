import { describe, expect, it } from 'vitest';
import type { Control, MotionTrack } from '../bundle/index.ts';
import { facedRig, heardFrom, speaking, spokenAt } from '../speaking.fixture.ts';
import { findAccents } from '../speech/index.ts';
import { GazeShifts, shiftsOf } from './gaze-shifts.ts';
import type { Looking } from './look.ts';
import { NaturalMotion } from './natural.ts';
import { pauseAt } from './speech-habits.ts';

const SECONDS = 40;
const AWAY = 8; // degrees
const rig = facedRig();
const said = spokenAt(SECONDS, 1);
/** Eyes whose gaze is in degrees already. */
const looking: Looking = {
  of: ({ gaze }) => ({ yaw: gaze[0]!, pitch: gaze[1]! }),
  with: (control, { yaw, pitch }) => ({
    ...control,
    gaze: Float32Array.of(yaw, pitch, yaw, pitch),
    filmedGaze: control.gaze,
  }),
};

/** Looks at the camera and aside in turns, from one at once to the other at these moments. */
function lookingAsideAt(moments: readonly number[]): MotionTrack {
  const track = speaking(SECONDS, said, said);
  track.time.forEach((at, row) => {
    const aside = moments.filter((moment) => moment <= at).length % 2 === 1;
    track.gaze.set([aside ? AWAY : 0, 0, aside ? AWAY : 0, 0], row * 4);
  });
  return track;
}
const pauses = said.flatMap(({ at }, k) => (k > 0 && at - said[k - 1]!.at > 0.9 ? [(at + said[k - 1]!.at) / 2] : []));
const inPauses = lookingAsideAt(pauses);
const whenever = lookingAsideAt(Array.from({ length: 25 }, (_, k) => 0.8 + k * 1.57));

const looks = ({ gaze, frames }: MotionTrack) =>
  Array.from({ length: frames }, (_, row) => ({ yaw: gaze[row * 4]!, pitch: gaze[row * 4 + 1]! }));
const control = (yaw: number) => ({ gaze: Float32Array.of(yaw, 0, yaw, 0) }) as Control;

describe('shifts of a gaze', () => {
  it('are found where it jumps, and not where it drifts or trembles', () => {
    const found = shiftsOf(inPauses, looks(inPauses));
    expect(found).toHaveLength(pauses.length);
    found.forEach((at, k) => expect(at - pauses[k]!).toBeLessThanOrEqual(0.04 + 1e-9));
    const drifting = looks(inPauses).map((_, row) => ({ yaw: 0.2 * row, pitch: row % 2 }));
    expect(shiftsOf(inPauses, drifting)).toEqual([]);
  });

  /** A piece from `begun` on that fades in over one that began 3 s before; both are played from where 100 s are. */
  const fading = (begun: number) => ({
    before: { from: begun - 3, to: begun, start: 100 },
    now: { from: begun, to: begun + 3, start: 100 },
  });
  const yawIn = (shifts: GazeShifts, begun: number, since: number): number =>
    shifts.between(control(4), [control(0), control(AWAY)], fading(begun), begun + since).gaze[0]!;
  const NEVER = () => Number.POSITIVE_INFINITY;

  it('are as quick as eyes are, under a blink where there is one', () => {
    const shifts = new GazeShifts({ looking, shifts: [] }, 1, () => 10.5);
    const half = (0.021 + 0.0022 * AWAY) / 2;
    expect([0.3, 0.5 - half, 0.5, 0.5 + half, 0.8].map((since) => yawIn(shifts, 10, since))).toEqual(
      [0, 0, AWAY / 2, AWAY, AWAY].map((yaw) => expect.closeTo(yaw, 5) as number),
    );
    const { gaze, ...rest } = shifts.between(control(4), [control(0), control(AWAY)], fading(10), 10.5);
    expect([gaze[0], rest]).toEqual([expect.closeTo(AWAY / 2, 5), {}]);
  });

  it.each([
    ['first', 103.4],
    ['second', 100.4],
  ])('come where the %s of both pieces has one anyway', (_, own) => {
    const shifts = new GazeShifts({ looking, shifts: [own, 101, 104] }, 1, NEVER);
    for (const begun of [10, 20, 30]) expect(yawIn(shifts, begun, 0.4)).toBeCloseTo(AWAY / 2, 5);
  });

  it('come at moments that are liked', () => {
    const shiftedBy = (taste?: ConstructorParameters<typeof GazeShifts>[3]) => {
      const shifts = new GazeShifts({ looking, shifts: [] }, 1, NEVER, taste);
      return Array.from({ length: 200 }, (_, k) => yawIn(shifts, k * 3, 0.3)).filter((yaw) => yaw > AWAY / 2).length;
    };
    expect(shiftedBy()).toBeLessThan(70);
    expect(shiftedBy({ share: 1, of: (seconds) => -seconds })).toBeGreaterThan(100);
  });
});

describe('natural motion whose gaze shifts', () => {
  const accents = findAccents(heardFrom(spokenAt(60, 21), 60));
  /** Of a minute: how much of it eyes are between camera and aside. */
  const between = (motion: NaturalMotion) =>
    Array.from({ length: 6000 }, (_, k) => motion.at(k / 100).gaze[0]!).filter((yaw) => yaw > 1 && yaw < AWAY - 1)
      .length / 6000;

  it('never glides from one piece to the next', () => {
    expect(between(new NaturalMotion(whenever, rig, 3, undefined, looking))).toBeLessThan(0.05);
    expect(between(new NaturalMotion(whenever, rig, 3))).toBeGreaterThan(0.1);
  });

  it('shifts in pauses of what is said where the person does, and anywhere where they do not', () => {
    const depth = (track: MotionTrack) => {
      const depths = [1, 2, 3, 4].flatMap((seed) => {
        const motion = new NaturalMotion(track, rig, seed, accents, looking);
        const yaws = Array.from({ length: 1500 }, (_, k) => motion.at(k / 25).gaze[0]!);
        return yaws.flatMap((yaw, k) =>
          k > 0 && Math.abs(yaw - yaws[k - 1]!) > AWAY / 3 ? [pauseAt(accents, k / 25)] : [],
        );
      });
      return depths.reduce((sum, value) => sum + value, 0) / depths.length;
    };
    expect(depth(inPauses)).toBeGreaterThan(1.15 * depth(whenever));
  });
});
