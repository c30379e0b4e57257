import { describe, expect, it } from 'vitest';
import type { CalmFace, SeenFace } from '../../../shared/contract/index.ts';
import type { CameraParts } from '../../../shared/contract/live-camera.ts';
import { type Keyframe, type LaneName, type Lanes } from '../../../shared/domain/lanes/index.ts';
import { PLAIN_SPEECH } from '../../../shared/domain/take.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import { type Avatar, headAngles, laneOf, LivePerson, type MotionTrack, reachOf } from '../engine/index.ts';
import { type HeadAngles, headRotation } from '../engine/reach/angles.ts';
import { type Going, movingAbout, torsoOf } from '../engine/reach/filmed.fixture.ts';
import { FPS, JAW, knownRig, knownTrack, LIDS, PLACE, SOURCE } from '../engine/reach/person.fixture.ts';
import { type LaneValues, LiveDriving, mannerOf, type Performance, performanceOf, type Said } from './index.ts';

/** The known person, who blinks now and then. */
function blinking(): MotionTrack {
  const track = knownTrack();
  for (let frame = 30; frame < track.frames - 30; frame += 97)
    for (let k = 0; k < 4; k++) track.expression[(frame + k) * EXPRESSIONS + LIDS] = 0.9;
  return track;
}
const rig = knownRig();
const avatar = {
  rig,
  idle: blinking(),
  styles: [],
  varies: false,
  manifest: { source: { ...SOURCE, fps: FPS } },
} as unknown as Avatar;
/** The same, who moves about. */
const mover = { ...avatar, idle: movingAbout(blinking()) } as unknown as Avatar;
const reach = reachOf(avatar);
const SILENT: Said = {
  expression: new Float32Array(0),
  pitch: new Float32Array(0),
  accents: new Float32Array(0),
  begins: 0,
};
const performing = (lanes: Lanes = {}, whom = avatar): Performance =>
  performanceOf(whom, {
    pose: { kind: 'natural', seed: 1 },
    manner: mannerOf(whom, PLAIN_SPEECH),
    said: SILENT,
    lanes,
  });
const own = performing();
const ALL: CameraParts = {
  head: true,
  gaze: true,
  brows: true,
  mouth: true,
  blinks: true,
  place: true,
  shoulders: true,
};

/** Somebody else, who holds their head a little aside while they look at the camera. */
const CALM_HEAD = { yaw: 4, pitch: -6, roll: 1 };
const packed = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
const rotationOf = (angles: HeadAngles): number[] => [...headRotation(angles, Float32Array.from(PLACE))];
const calm: CalmFace = {
  neutral: packed(rig.neutral),
  expressionBasis: packed(rig.expressionBasis),
  irisNeutral: packed(rig.irisNeutral),
  rotation: rotationOf(CALM_HEAD),
  translation: [...PLACE],
  focal: rig.focal,
  principal: [...rig.principal],
};
const AT_REST: Going = { place: { x: 0, y: 0, size: 1 }, shoulders: { x: 0, y: 0, roll: 0 } };
function face({ yaw = 0, pitch = 0, jaw = 0, aside = 0, openness = 1, going = AT_REST } = {}): SeenFace {
  const expression = Array.from({ length: EXPRESSIONS }, (_, k) => (k === JAW ? jaw : 0));
  const held = { ...CALM_HEAD, yaw: CALM_HEAD.yaw + yaw, pitch: CALM_HEAD.pitch + pitch };
  const { x, y, size } = going.place;
  const translation = [PLACE[0] + x, PLACE[1] + y, PLACE[2] / size];
  const rotation = [...headRotation(held, Float32Array.from(translation))];
  const torso = [...torsoOf(going.shoulders, rig)];
  return { rotation, translation, expression, gaze: [aside, 0, aside, 0], openness, torso };
}

/** What is driven in each frame from `first` on, of faces as they are seen. */
function drive(faces: readonly (SeenFace | null)[], parts = ALL, first = 0, whom = avatar) {
  const person = new LivePerson(calm);
  const driving = new LiveDriving(whom);
  const own = performing({}, whom);
  return faces.map((seen, k) => {
    const frame = first + k;
    const does = seen && person.does(seen);
    const values = driving.moved(own, { frame, at: frame / FPS, does }, parts);
    return { frame, values, control: own.under(driving.lanes(values))(frame).control };
  });
}
const still = (count: number, seen = face()): SeenFace[] => Array.from({ length: count }, () => seen);

describe('somebody before a camera', () => {
  it('is as this person usually is, and looks at the camera, while they are calm', () => {
    const { values } = drive(still(40)).at(-1)!;
    for (const axis of ['yaw', 'pitch', 'roll'] as const)
      expect(values[`head.${axis}`]).toBeCloseTo(reach.pose.angles[axis].usual, 2);
    expect(values['gaze.yaw']).toBeCloseTo(0, 1);
    expect(values['gaze.pitch']).toBeCloseTo(0, 1);
  });

  it('turns the head as far as they turn, softly to the end of this person’s range and never beyond', () => {
    const angles = [-90, -40, -8, -4, 0, 4, 8, 40, 90];
    const { from, to, usual } = reach.ranges['head.yaw']!;
    const yaws = angles.map((yaw) => headAngles(drive(still(40, face({ yaw }))).at(-1)!.control).yaw);
    expect(yaws).toEqual(yaws.toSorted((a, b) => a - b));
    for (const k of angles.keys()) {
      expect(yaws[k]).toBeGreaterThanOrEqual(from - 1e-3);
      expect(yaws[k]).toBeLessThanOrEqual(to + 1e-3);
    }
    for (const [k, yaw] of angles.entries().filter(([, angle]) => Math.abs(angle) < 10))
      expect(yaws[k]).toBeCloseTo(usual + yaw, 1);
  });

  it('parts the lips by what they part them, and drawn together where that is further than this person goes', () => {
    const way = reach.face.ways.find(({ name }) => name === 'jaw')!;
    const opening = (jaw: number): number => {
      const { frame, control } = drive(still(60, face({ jaw }))).at(-1)!;
      return way.measure.at(control.expression) - way.measure.at(own.under({})(frame).control.expression);
    };
    const calmly = opening(0);
    expect(opening(0.2) - calmly).toBeCloseTo(0.2, 1);
    expect(opening(30) - calmly).toBeLessThanOrEqual(way.above + way.below + 0.05);
  });

  it('goes where they go, softly to where this person went, and holds the shoulders as they do', () => {
    const gone: Going = { place: { x: 3, y: -2, size: 1.15 }, shoulders: { x: 2, y: -1, roll: 3 } };
    const { pose } = reachOf(mover);
    const driven = (going: Going, parts = ALL) => drive(still(60, face({ going })), parts, 0, mover).at(-1)!;
    const is = pose.of(driven(gone).control);
    const { shoulders } = is;
    const off = [is.x - 3, is.y + 2, 10 * (is.size - 1.15), shoulders.x - 2, shoulders.y + 1, shoulders.roll - 3];
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(0.5);
    const far = driven({ ...AT_REST, place: { x: 900, y: 0, size: 1 } });
    expect(far.values['head.x']).toBeCloseTo(pose.went['head.x'].usual + pose.went['head.x'].above, 1);
    const { values } = driven(gone, { ...ALL, place: false, shoulders: false });
    expect(Object.keys(values)).not.toContain('head.x');
    expect(Object.keys(values)).not.toContain('shoulders.x');
  });

  it('without shoulders in sight leaves them to the take', () => {
    const seen = { ...face(), torso: null };
    expect(Object.keys(drive(still(5, seen)).at(-1)!.values).filter((name) => name.startsWith('shoulders'))).toEqual(
      [],
    );
  });

  it('looks where they look', () => {
    const looks = [-0.2, -0.1, 0, 0.1, 0.2].map(
      (aside) => drive(still(40, face({ aside }))).at(-1)!.values['gaze.yaw']!,
    );
    expect(looks).toEqual(looks.toSorted((a, b) => a - b));
    expect(looks[4]! - looks[0]!).toBeGreaterThan(15);
  });

  it('blinks once for each of their blinks, and this person’s own are held back', () => {
    const shut = still(4, face({ openness: 0.3 }));
    const driven = drive([...still(30), ...shut, ...still(20), ...shut, ...still(20)]);
    expect(driven.filter(({ values }) => values['blink.once'] === 1).map(({ frame }) => frame)).toEqual([30, 54]);
    expect(driven.at(-1)!.values['blink.amount']).toBe(0);
    const shutness = driven.map(({ control }) => reach.shutOf(control.expression));
    expect(Math.max(...shutness.slice(30, 40))).toBeGreaterThan(0.5);
    expect(Math.max(...shutness.slice(20, 30))).toBeLessThan(0.3);
  });

  it('who is lost gives way to what the take does by itself, without a jump, and takes over again', () => {
    const yaw = 15;
    const lost = Array.from({ length: 40 }, () => null);
    const driven = drive([...still(40, face({ yaw })), ...lost, ...still(40, face({ yaw }))]);
    const yaws = driven.map(({ values }) => values['head.yaw']!);
    for (let k = 41; k < yaws.length; k++) expect(Math.abs(yaws[k]! - yaws[k - 1]!)).toBeLessThan(4);
    for (const { frame, values } of driven.slice(70, 80)) {
      expect(values['head.yaw']).toBeCloseTo(laneOf(reach, 'head.yaw', own.frame(frame).control), 2);
      expect(values['face.jaw']).toBeCloseTo(0, 3);
      expect(values['blink.amount']).toBe(1);
    }
    expect(yaws.at(-1)).toBeCloseTo(yaws[39]!, 0);
  });

  it('before they are seen nothing is driven, and what is not theirs never is', () => {
    expect(drive([null, null])[1]!.values).toEqual({});
    const { values } = drive(still(20, face({ yaw: 9 })), {
      ...ALL,
      head: false,
      place: false,
      mouth: false,
      blinks: false,
    }).at(-1)!;
    expect(Object.keys(values).map((name) => name.split('.')[0])).not.toContain('head');
    expect(Object.keys(values)).not.toContain('face.jaw');
    expect(Object.keys(values)).not.toContain('blink.amount');
    expect(Object.keys(values)).toContain('gaze.yaw');
  });

  it('kept as keyframes, what was driven gives the same pictures', () => {
    const seen = Array.from({ length: 75 }, (_, k) =>
      face({ yaw: 12 * Math.sin(k / 9), jaw: 0.2 + 0.2 * Math.sin(k / 3), openness: k % 40 === 35 ? 0.2 : 1 }),
    );
    const driven = drive(seen, ALL, 50);
    const lane = (name: LaneName): [LaneName, NonNullable<Lanes[LaneName]>] => {
      const keys = driven
        .filter(({ values }) => (values as LaneValues)[name] !== undefined)
        .map(({ frame, values }): Keyframe => {
          return { id: `${frame}`, at: frame / FPS, value: values[name]!, curve: 'linear' };
        });
      return [name, { keys, muted: false, solo: false }];
    };
    const names = new Set(driven.flatMap(({ values }) => Object.keys(values) as LaneName[]));
    const kept = performing(Object.fromEntries([...names].map(lane)));
    for (const { frame, control } of driven.slice(1)) {
      const film = kept.frame(frame).control;
      expect(headAngles(film).yaw).toBeCloseTo(headAngles(control).yaw, 4);
      for (const part of ['expression', 'gaze', 'rotation'] as const)
        expect(Math.max(...film[part].map((value, k) => Math.abs(value - control[part][k]!)))).toBeLessThan(1e-4);
    }
  });
});
