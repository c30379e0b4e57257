import { describe, expect, it } from 'vitest';
import { EXPRESSIONS, projectVertex, VERTICES } from '../../../../shared/face/index.ts';
import { type Control, controlOf } from '../bundle/index.ts';
import { headAngles, headRotation, lookedAt, lookOf } from './angles.ts';
import { restingExpression } from '../speech/index.ts';
import { Measure } from './measures.ts';
import { BROWS, CHEEKS, JAW, knownRig, knownTrack, LIDS, PLACE, SMILE, SOURCE, STYLES } from './person.fixture.ts';
import type { KeyedHead, KeyedShoulders } from './head.ts';
import { laneOf } from './lane-of.ts';
import { reachOf } from './reach.ts';

const rig = knownRig();
const idle = knownTrack();
const reach = reachOf({ rig, idle, styles: STYLES, varies: false, manifest: { source: SOURCE } });
const { face, pose, gaze, ranges } = reach;
const own = (row = 0): Control => controlOf(idle, row);
const resting = (more: Readonly<Record<number, number>> = {}): Float32Array => {
  const expression = new Float32Array(EXPRESSIONS);
  for (const [k, value] of Object.entries({ [JAW]: 0.5, ...more })) expression[Number(k)] = value;
  return expression;
};

describe("a head's angles", () => {
  it('are 0 where it faces the camera, wherever it is', () => {
    const level = (x: number, z: number): Float32Array => {
      const to = Math.atan2(-x, -z);
      return Float32Array.of(Math.cos(to), 0, Math.sin(to), 0, 1, 0, -Math.sin(to), 0, Math.cos(to));
    };
    for (const x of [-20, 0, 20]) {
      const { yaw, pitch, roll } = headAngles({ rotation: level(x, -60), translation: Float32Array.of(x, 0, -60) });
      for (const angle of [yaw, pitch, roll]) expect(angle).toBeCloseTo(0, 4);
    }
  });

  it.each([
    ['right', { yaw: 15, pitch: 0, roll: 0 }, [0, 0, 1], 0],
    ['up', { yaw: 0, pitch: 15, roll: 0 }, [0, 0, 1], 1],
    ['clockwise', { yaw: 0, pitch: 0, roll: 15 }, [0, 1, 0], 0],
  ] as const)('above 0 go %s', (_, angles, [a, b, c], axis) => {
    const r = headRotation(angles, Float32Array.of(0, 0, -60));
    const towards = [0, 3].map((row) => r[row]! * a + r[row + 1]! * b + r[row + 2]! * c);
    expect(towards[axis]!).toBeCloseTo(Math.sin((15 * Math.PI) / 180), 5);
  });

  it('make the rotation that they were read from, and eyes look where they are told to', () => {
    const translation = Float32Array.of(12, -7, -50);
    const held = { yaw: -31, pitch: 12, roll: 8 };
    const rotation = headRotation(held, translation);
    const read = headAngles({ rotation, translation });
    for (const axis of ['yaw', 'pitch', 'roll'] as const) expect(read[axis]).toBeCloseTo(held[axis], 4);
    const look = lookedAt(lookOf({ yaw: 4, pitch: -3 }, { rotation, translation }), { rotation, translation });
    expect([look.yaw, look.pitch]).toEqual([expect.closeTo(4, 4), expect.closeTo(-3, 4)]);
    expect(lookedAt({ yaw: 0, pitch: 0 }, { rotation, translation }).yaw).toBeCloseTo(-31, 4);
  });
});

describe("a person's own face", () => {
  const measured = (name: 'jaw' | 'smile' | 'brows', expression: Float32Array) => new Measure(rig, name).at(expression);

  it('goes through their range, with what goes along in their own frames, and nothing else', () => {
    const smiling = face.with(resting(), { smile: 1 });
    expect(measured('smile', smiling) - measured('smile', resting())).toBeCloseTo(0.4, 1);
    expect(smiling[CHEEKS]!).toBeCloseTo(0.5 * smiling[SMILE]!, 2);
    for (const name of ['jaw', 'brows'] as const)
      expect(measured(name, smiling)).toBeCloseTo(measured(name, resting()), 2);
    expect(measured('smile', face.with(resting(), { smile: -1 }))).toBeCloseTo(measured('smile', resting()) - 0.4, 1);
  });

  it('comes to the end of its range from a calm face as from a usual one', () => {
    const shut = restingExpression(rig);
    expect(measured('jaw', shut)).toBeLessThan(measured('jaw', resting()) - 0.3);
    const widest = resting({ [JAW]: 1 });
    for (const from of [shut, resting()])
      expect(measured('jaw', face.with(from, { jaw: 1 }))).toBeCloseTo(measured('jaw', widest), 1);
  });

  it('is what it was with nothing added', () => {
    const expression = resting();
    expect(face.with(expression, {})).toBe(expression);
    expect(face.with(expression, { smile: 0 })).toBe(expression);
  });

  it('goes no further than they ever did, and stays where it is outside of that', () => {
    const most = face.with(resting({ [SMILE]: 0.35, [CHEEKS]: 0.17 }), { smile: 1, jaw: 1 });
    expect(most[SMILE]!).toBeLessThan(0.44);
    expect(most[JAW]!).toBeLessThan(1.05);
    expect(face.with(resting({ [SMILE]: 0.8 }), { smile: 1 })[SMILE]!).toBeLessThanOrEqual(0.8 + 1e-6);
  });

  it('does nothing that they never did, and says so', () => {
    expect(face.with(resting(), { brows: 1, frown: -1 })).toEqual(resting());
    expect(ranges['face.brows']).toBeUndefined();
    expect(ranges['light.yaw']).toBeUndefined(); // networks draw it
    expect(ranges['face.smile']).toEqual({ from: -1, to: 1, usual: 0 });
  });

  it('tells how much of it there is already', () => {
    const now = face.shareOf('smile', resting());
    expect(Math.abs(now)).toBeLessThan(0.1);
    expect(face.shareOf('smile', face.with(resting(), { smile: 0.6 })) - now).toBeCloseTo(0.6, 1);
    expect(face.shareOf('smile', resting({ [SMILE]: 3 }))).toBe(1);
    expect(face.shareOf('brows', resting({ [BROWS]: 1 }))).toBe(0);
  });

  it('comes back to their own frames where it would leave them', () => {
    // they never smiled without cheeks
    const strange = face.with(resting({ [CHEEKS]: -0.2 }), { smile: 1, jaw: -1 });
    expect(strange.every(Number.isFinite)).toBe(true);
    expect(Math.abs(strange[CHEEKS]! - 0.5 * strange[SMILE]!)).toBeLessThan(0.35);
  });
});

describe('an expression that comes once', () => {
  /** From second 30 on, for half a second: they smile three times as far as ever, and raise their brows later. */
  const rare = (): typeof idle => {
    const expression = idle.expression.slice();
    const once = (coefficient: number, seconds: number, cm: number): void => {
      for (let frame = 25 * seconds; frame < 25 * (seconds + 0.5); frame++)
        expression[frame * EXPRESSIONS + coefficient] = cm;
    };
    once(SMILE, 30, 1.2);
    once(CHEEKS, 30, 0.6);
    once(BROWS, 34, 0.5);
    return { ...idle, expression };
  };
  const of = (track: typeof idle, heldOutFrames?: number) =>
    reachOf({ rig, idle: track, styles: STYLES, varies: false, manifest: { source: SOURCE, heldOutFrames } });
  const cm = (name: 'smile' | 'brows', expression: Float32Array): number => new Measure(rig, name).at(expression);
  const rest = { smile: cm('smile', resting()), brows: cm('brows', resting()) };

  it('is the end of the slider, however short it was and however the head was held meanwhile', () => {
    const smiling = of(rare()).face.with(resting(), { smile: 1 });
    expect(cm('smile', smiling) - rest.smile).toBeCloseTo(1.2, 1);
    expect(smiling[CHEEKS]!).toBeCloseTo(0.5 * smiling[SMILE]!, 1);
  });

  it('is the end of the slider over a mouth that speaks, too, whatever chin it speaks with', () => {
    const CHIN = 5; // which no lane measures
    const basis = rig.expressionBasis.slice();
    for (const vertex of [17, 152, 200, 175, 199, 18, 83, 313, 201, 421]) basis[(CHIN * VERTICES + vertex) * 3 + 1] = 1;
    const { expression, ...track } = rare();
    for (let frame = 0; frame < track.frames; frame++) {
      const smiles = expression[frame * EXPRESSIONS + SMILE]! > 1;
      expression[frame * EXPRESSIONS + CHIN] = smiles ? 0.6 : 0.6 * Math.sin(frame / 3.7);
    }
    const known = { ...rig, expressionBasis: basis, lleBank: expression.slice(0, 400 * EXPRESSIONS) };
    const { face: theirs } = reachOf({
      rig: known,
      idle: { ...track, expression },
      styles: STYLES,
      varies: false,
      manifest: { source: SOURCE },
    });
    const smiling = theirs.with(resting({ [CHIN]: -0.6 }), { smile: 1 });
    expect(cm('smile', smiling) - rest.smile).toBeCloseTo(1.2, 1);
    expect(smiling[CHEEKS]!).toBeCloseTo(0.5 * smiling[SMILE]!, 1);
    expect(smiling[CHIN]!).toBeGreaterThan(-0.3); // towards that of the frames that smile so
  });

  it('goes together with another that is of other parts of the face, though they never did both', () => {
    const both = of(rare()).face.with(resting(), { smile: 1, brows: 1 });
    expect(cm('smile', both) - rest.smile).toBeGreaterThan(1);
    expect(cm('brows', both) - rest.brows).toBeGreaterThan(0.4);
  });

  it('is no landmark that was off for one frame', () => {
    const track = rare();
    track.expression[500 * EXPRESSIONS + SMILE] = 5;
    expect(cm('smile', of(track).face.with(resting(), { smile: 1 })) - rest.smile).toBeLessThan(1.3);
  });

  it('does not count where no picture was made of it', () => {
    const { ranges, face } = of(rare(), 11 * 25);
    expect(ranges['face.brows']).toBeUndefined();
    expect(cm('smile', face.with(resting(), { smile: 1 })) - rest.smile).toBeLessThan(0.5);
  });
});

describe("a person's own pose", () => {
  it('turns to where it is keyed, as far as they did and five degrees more', () => {
    const turned = pose.with(own(), { yaw: 10, pitch: -3 }, {});
    const { yaw, pitch, roll } = headAngles(turned);
    expect([yaw, pitch, roll]).toEqual([
      expect.closeTo(10, 3),
      expect.closeTo(-3, 3),
      expect.closeTo(headAngles(own()).roll, 3),
    ]);
    expect(headAngles(pose.with(own(), { yaw: 80 }, {})).yaw).toBeCloseTo(25, 0);
    expect(ranges['head.yaw']).toMatchObject({ from: expect.closeTo(-25, 0), to: expect.closeTo(25, 0) });
    expect(pose.with(own(), {}, {})).toEqual(own());
  });

  it('sways less, the further it is held from how it was filmed', () => {
    const control = { ...own(), sway: new Float32Array(128).fill(1) };
    const { yaw, x, y, shoulders } = pose.of(control);
    const left = (head: KeyedHead, placed: KeyedShoulders): number => pose.with(control, head, placed).sway![9]!;
    expect(left({}, {})).toBe(1);
    expect(left({ yaw }, {})).toBeCloseTo(1, 2);
    expect(left({ yaw: yaw + 1 }, {})).toBeCloseTo(0.8, 1);
    expect(left({ yaw: yaw + 2.5 }, {})).toBeCloseTo(0.5, 1);
    expect(left({ yaw: yaw + 9 }, {})).toBe(0);
    // 20 cm below the head, a cm of the shoulders is 2.9 degrees of the neck
    expect(left({}, { x: shoulders.x + 1 })).toBeCloseTo(1 - 2.9 / 5, 1);
    expect(left({}, { roll: shoulders.roll + 2 })).toBeCloseTo(0.6, 1);
    // the whole person elsewhere is held as before
    expect(left({ x: x + 8, y: y - 3 }, {})).toBeCloseTo(left({ x, y }, {}), 1);
    expect(control.sway[9]).toBe(1);
    expect(pose.with(own(), { yaw: 3 }, {})).not.toHaveProperty('sway');
  });

  it('moves all of the person alike in the picture, and makes them larger', () => {
    const control = own(200);
    const seen = ({ rotation, translation }: Control): Float64Array => {
      const out = new Float64Array(3);
      projectVertex(rig, { rotation, translation }, new Float32Array(3), 0, out);
      return out;
    };
    const moved = pose.with(control, { x: 3, y: 1 }, {});
    const by = [0, 1].map((axis) => seen(moved)[axis]! - seen(control)[axis]!);
    expect(by[0]).toBeCloseTo((3 * rig.focal) / -PLACE[2], 2);
    expect(by[1]).toBeCloseTo((-1 * rig.focal) / -PLACE[2], 2);
    expect([moved.crop[0]! - control.crop[0]!, moved.crop[1]! - control.crop[1]!]).toEqual(
      by.map((value) => expect.closeTo(value, 2) as number),
    );
    expect([moved.torso[2]!, moved.torso[5]!]).toEqual(by.map((value) => expect.closeTo(value, 2) as number));
    const larger = pose.with(control, { size: 1.5 }, {});
    expect(larger.crop[2]).toBeCloseTo(150, 3);
    expect(seen(control)[2]! / seen(larger)[2]!).toBeCloseTo(1.5, 4);
    expect(seen(larger)[0]!).toBeCloseTo(seen(control)[0]!, 2);
    for (const axis of ['yaw', 'pitch', 'roll'] as const)
      expect(headAngles(moved)[axis]).toBeCloseTo(headAngles(control)[axis], 3);
  });

  it('is read as it is keyed', () => {
    const head = { yaw: 4, pitch: -2, roll: 3, size: 1.2 };
    const shoulders = { x: 1, y: -2, roll: 6 };
    expect(pose.of(pose.with(own(40), { ...head, x: 2, y: -1 }, {}))).toMatchObject(
      Object.fromEntries(Object.entries(head).map(([part, value]) => [part, expect.closeTo(value, 3)])),
    );
    const placed = pose.of(pose.with(own(40), { x: 2, y: -1, size: 1.3 }, {}));
    expect([placed.x, placed.y, placed.size]).toEqual([2, -1, 1.3].map((value) => expect.closeTo(value, 3) as number));
    expect(pose.of(pose.with(own(40), {}, shoulders)).shoulders).toEqual({
      x: expect.closeTo(1, 3) as number,
      y: expect.closeTo(-2, 3) as number,
      roll: expect.closeTo(6, 3) as number,
    });
  });
});

describe("a person's own gaze", () => {
  const eyeWidth = (): number =>
    Math.hypot(...[0, 1, 2].map((axis) => rig.neutral[33 * 3 + axis]! - rig.neutral[133 * 3 + axis]!));
  const straight = pose.with(own(100), { yaw: 0, pitch: 0, roll: 0 }, {});

  it('looks where it is keyed, within what their eyes do in the head', () => {
    const look = gaze.of(gaze.with(straight, { yaw: 5, pitch: -2 }));
    expect([look.yaw, look.pitch]).toEqual([expect.closeTo(5, 2), expect.closeTo(-2, 2)]);
    expect(gaze.of(gaze.with(straight, { yaw: 50 })).yaw).toBeCloseTo(gaze.yaw.to, 1);
    expect(gaze.with(straight, { yaw: 8 }).gaze[0]!).toBeGreaterThan(gaze.with(straight, { yaw: 2 }).gaze[0]!);
    expect(gaze.with(straight, { pitch: 4 }).gaze[1]!).toBeGreaterThan(gaze.with(straight, { pitch: 0 }).gaze[1]!);
  });

  it('remembers how they were filmed, and turns twenty degrees where the video shows less', () => {
    const keyed = gaze.with(straight, { yaw: 5 });
    expect([straight.filmedGaze, keyed.filmedGaze, gaze.with(keyed, { yaw: 8 }).filmedGaze]).toEqual([
      undefined,
      straight.gaze,
      straight.gaze,
    ]);
    expect([gaze.yaw.to - gaze.yaw.usual, gaze.pitch.usual - gaze.pitch.from]).toEqual([
      expect.closeTo(20, 5),
      expect.closeTo(10, 5),
    ]);
    // an iris is moved by twenty degrees at most: beyond that, frames are mixed that look nearer there
    const aside = { ...straight, gaze: straight.gaze.map((value, i) => (i % 2 === 0 ? -0.3 : value)) };
    const far = gaze.with(aside, { yaw: 10 });
    const way = (far.gaze[0]! - far.filmedGaze![0]!) * eyeWidth();
    expect([way, far.filmedGaze![0]! > aside.gaze[0]!]).toEqual([expect.closeTo(0.41, 2), true]);
    // how lids go with a yaw is known as far as they were seen to
    const lids = [9, 15, 19].map((yaw) => gaze.with(straight, { yaw }).expression[LIDS]!);
    expect(lids[2]!).toBeCloseTo(lids[1]!, 5);
  });

  it('turns to the camera by a share, whatever the head does', () => {
    const turned = pose.with(own(100), { yaw: 6, pitch: 1 }, {});
    const now = gaze.of(turned);
    const at = (camera: number) => gaze.of(gaze.with(turned, { camera }));
    expect(at(0).yaw).toBeCloseTo(now.yaw, 3);
    expect(at(0.5).yaw).toBeCloseTo(now.yaw / 2, 2);
    expect([at(1).yaw, at(1).pitch]).toEqual([expect.closeTo(0, 2), expect.closeTo(0, 2)]);
  });

  it('takes lids along as theirs go', () => {
    const [down, up] = [-2, 2].map((pitch) => gaze.with(straight, { pitch }).expression) as [
      Float32Array,
      Float32Array,
    ];
    expect(down[LIDS]! - up[LIDS]!).toBeGreaterThan(0.03); // lids come down
    expect(down[JAW]).toBeCloseTo(up[JAW]!, 5);
  });

  it('leaves lids where they are rather than let them go the wrong way', () => {
    const expression = idle.expression.map((value, i) => (i % EXPRESSIONS === LIDS ? -value : value));
    const other = reachOf({
      rig,
      idle: { ...idle, expression },
      styles: STYLES,
      varies: false,
      manifest: { source: SOURCE },
    });
    const [down, up] = [-2, 2].map((pitch) => other.gaze.with(straight, { pitch }).expression[LIDS]);
    expect(down).toBeCloseTo(up!, 5);
  });
});

it('what a lane is without keyframes can be read of every frame', () => {
  expect(laneOf(reach, 'head.yaw', own(61))).toBeCloseTo(headAngles(own(61)).yaw, 6);
  expect(laneOf(reach, 'gaze.yaw', own(61))).toBeCloseTo(gaze.of(own(61)).yaw, 6);
  expect(laneOf(reach, 'face.smile', own(30))).toBeCloseTo(face.shareOf('smile', own(30).expression), 6);
  expect(laneOf(reach, 'speech.strength', own())).toBe(1);
});
