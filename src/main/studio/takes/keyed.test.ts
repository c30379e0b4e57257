import { describe, expect, it } from 'vitest';
import type { Keyframe, Lanes } from '../../../shared/domain/lanes/index.ts';
import { PLAIN_SPEECH, type PoseSource, type Speech } from '../../../shared/domain/take.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import { type Avatar, type BlinkHabits, LATENT_SECONDS } from '../engine/index.ts';
import { FPS, knownRig, knownTrack, SMILE, SOURCE } from '../engine/reach/person.fixture.ts';
import { headAngles } from '../engine/reach/index.ts';
import { KeyedBlinks } from './keyed-blinks.ts';
import { mannerOf, type Performance, performanceOf, variationOf } from './index.ts';

const rig = knownRig();
const idle = knownTrack();
const offset = new Float32Array(EXPRESSIONS);
offset[SMILE] = 0.2;
const styles = [{ row: 0, share: 0.5, offset }];
const avatar = { rig, idle, styles, varies: true, manifest: { source: { ...SOURCE, fps: FPS } } } as unknown as Avatar;
const lane = (...keys: readonly (readonly [at: number, value: number, curve?: Keyframe['curve']])[]) => ({
  keys: keys.map(([at, value, curve = 'linear']) => ({ id: `k${at}`.replace('.', '-'), at, value, curve })),
  muted: false,
  solo: false,
});
const SOURCE_POSE: PoseSource = { kind: 'source', startFrame: 0 };

function performed(
  lanes: Lanes,
  {
    pose = SOURCE_POSE,
    speech = PLAIN_SPEECH,
    begins = 0,
    of = avatar,
  }: { pose?: PoseSource; speech?: Speech; begins?: number; of?: Avatar } = {},
): Performance {
  const expression = new Float32Array(4 * FPS * EXPRESSIONS).fill(0.3);
  const said = { expression, pitch: new Float32Array(0), accents: new Float32Array(0), begins };
  return performanceOf(of, { pose, lanes, said, manner: mannerOf(of, speech, lanes) });
}

describe('a take with lanes', () => {
  it('holds the head where it is keyed, from before the first keyframe to after the last', () => {
    const keyed = performed({ 'head.yaw': lane([1, -10], [2, 10]) });
    const yaw = [0, 1, 1.5, 2, 3].map((at) => headAngles(keyed.frame(at * FPS).control).yaw);
    expect(yaw).toEqual([-10, -10, 0, 10, 10].map((value) => expect.closeTo(value, 0) as number));
    const unkeyed = performed({}).frame(50).control;
    expect(headAngles(keyed.frame(50).control).pitch).toBeCloseTo(headAngles(unkeyed).pitch, 3);
    expect(keyed.frame(50).control.gaze).toEqual(unkeyed.gaze);
  });

  it('is lit as it is keyed, from where a light stands as a rule, and not at all at zero', () => {
    const closed = { ...avatar, idle: knownTrack(), manifest: { ...avatar.manifest, draws: 'closed' } } as Avatar;
    const lit = performed({ 'light.intensity': lane([0, 0], [2, 1]), 'light.yaw': lane([0, -30]) }, { of: closed });
    expect(lit.frame(FPS).control.light).toEqual({ yaw: -30, pitch: 25, intensity: 0.5, warmth: 0 });
    expect(lit.frame(0).control.light).toBeUndefined();
    expect(performed({ 'light.yaw': lane([0, -30]) }, { of: closed }).frame(0).control.light).toBeUndefined();
  });

  it.each(['source', 'natural', 'still'] as const)('is the same for every way the head moves: %s', (kind) => {
    const pose: PoseSource =
      kind === 'natural' ? { kind, seed: 4 } : kind === 'still' ? { kind, frame: 30 } : SOURCE_POSE;
    const { control } = performed({ 'head.yaw': lane([0, 7]), 'gaze.camera': lane([0, 1]) }, { pose }).frame(20);
    expect(headAngles(control).yaw).toBeCloseTo(7, 3);
  });

  it('without keyframes, muted, or beside one that is solo, is to the bit as without lanes', () => {
    const plain = performed({}).frame(30).control;
    const yaw = lane([0, 9]);
    expect(performed({ 'head.yaw': { ...yaw, muted: true } }).frame(30).control).toEqual(plain);
    expect(performed({ 'head.yaw': { ...yaw, keys: [] } }).frame(30).control).toEqual(plain);
    const beside = { 'head.yaw': yaw, 'speech.strength': { ...lane([0, 1]), solo: true } };
    expect(performed(beside).frame(30).control).toEqual(plain);
    expect(performed({ 'face.smile': lane([0, 0]) }).frame(30).control).toEqual(plain);
  });

  it('adds to the face on top of speech', () => {
    const [plain, smiling] = [{}, { 'face.smile': lane([0, 0], [2, 0.5]) }].map((lanes) => performed(lanes));
    const more = (frame: number) =>
      smiling!.frame(frame).control.expression[SMILE]! - plain!.frame(frame).control.expression[SMILE]!;
    expect(more(0)).toBe(0);
    expect(more(2 * FPS)).toBeGreaterThan(0.03);
    expect(more(FPS)).toBeGreaterThan(0.01);
    expect(more(FPS)).toBeLessThan(more(2 * FPS));
  });

  it("scales the mouth and leans the face as it is keyed, in the take's own setting's place", () => {
    const strong: Speech = { ...PLAIN_SPEECH, strength: 1.4 };
    const usual = performed({}).expression;
    const keyed = performed({ 'speech.strength': lane([0, 1, 'hold'], [2, 0.5]) }, { speech: strong }).expression;
    expect(keyed.slice(0, EXPRESSIONS)).toEqual(usual.slice(0, EXPRESSIONS));
    expect(keyed.slice(-EXPRESSIONS)).not.toEqual(usual.slice(-EXPRESSIONS));
    // a part of the take that begins later has the strength of its moments
    const later = performed({ 'speech.strength': lane([0, 1, 'hold'], [2, 0.5]) }, { begins: 2 * FPS }).expression;
    expect(later.slice(0, EXPRESSIONS)).toEqual(keyed.slice(-EXPRESSIONS));
    const smile = (lanes: Lanes, speech = PLAIN_SPEECH) =>
      performed(lanes, { speech }).frame(10).control.expression[SMILE]!;
    const leant = smile({ 'style.1': lane([0, 1]) });
    expect(leant).toBeGreaterThan(smile({}) + 0.05);
    const half: Speech = { ...PLAIN_SPEECH, style: { entry: 1, amount: 0.5 } };
    expect(smile({ 'speech.style': lane([0, 1]) }, half)).toBeCloseTo(leant, 5);
    expect(smile({ 'speech.style': lane([0, 0]) }, half)).toBeCloseTo(smile({}), 5);
  });

  it('that asks for a style or another mouth where there is none is refused', () => {
    const plain = { ...avatar, styles: [], varies: false };
    expect(() => mannerOf(plain, PLAIN_SPEECH, { 'style.2': lane([0, 1]) })).toThrow(/alike/);
    expect(() => variationOf(plain, PLAIN_SPEECH, SOURCE_POSE, { 'speech.temperature': lane([0, 1]) })).toThrow(
      /learnt/,
    );
    expect(variationOf(plain, PLAIN_SPEECH, SOURCE_POSE, { 'speech.temperature': lane([0, 0]) })).toBeUndefined();
  });

  it('has a temperature for each latent, the last of which goes on', () => {
    const lanes = { 'speech.temperature': lane([0, 0], [1.6, 1]) };
    const { temperature, seed } = variationOf(avatar, PLAIN_SPEECH, { kind: 'natural', seed: 7 }, lanes)!;
    expect(seed).toBe(7);
    expect(temperature).toHaveLength(11);
    expect((temperature as readonly number[])[5]).toBeCloseTo((5 * LATENT_SECONDS) / 1.6, 6);
    expect((temperature as readonly number[]).at(-1)).toBe(1);
  });

  it('tells what a lane would be without its keyframes, with all others', () => {
    const lanes = { 'head.yaw': lane([0, 9]), 'head.pitch': lane([0, 3]) };
    const own = performed({});
    const looks = { first: 10, every: 5, count: 4 };
    expect(performed(lanes).unkeyed({ lane: 'head.yaw', ...looks })).toEqual(
      [10, 15, 20, 25].map((frame) => expect.closeTo(headAngles(own.frame(frame).control).yaw, 3) as number),
    );
    expect(performed(lanes).unkeyed({ lane: 'head.roll', ...looks })).toHaveLength(4);
  });
});

describe('blinks that are keyed', () => {
  const closing = new Float32Array(EXPRESSIONS);
  closing[3] = 1;
  const habits = {
    perSecond: 0.3,
    seconds: 0.25,
    spread: 0.4,
    profile: Float64Array.of(0, 0.5, 1, 0.5, 0),
    closing,
  } as unknown as BlinkHabits;
  const still = new Float32Array(EXPRESSIONS);
  const shut = closing.map((value) => 0.8 * value);
  const blinks = (lanes: Lanes) => new KeyedBlinks(habits, lanes, 1);
  const count = (of: KeyedBlinks, seconds: number): number => {
    let [begun, was] = [0, 0];
    for (let at = 0; at < seconds; at += 0.01) {
      const { shut: now } = of.at(at, still);
      if (now > 0.5 && was <= 0.5) begun += 1;
      was = now;
    }
    return begun;
  };

  it('come once, at the moment and as far as it is said', () => {
    const once = blinks({ 'blink.once': lane([1, 1], [2, 0.5]) });
    expect([0.9, 1.125, 1.3].map((at) => once.at(at, still).shut)).toEqual([0, 1, 0]);
    expect(once.at(2.125, still).change[3]).toBeCloseTo(0.5, 6);
    expect(once.at(1.125, shut).change[3]).toBeCloseTo(1, 6); // never more than shut
  });

  it('go as far as it is said, down to not at all', () => {
    const amount = blinks({ 'blink.amount': lane([0, 0], [1, 1]) });
    expect([0, 0.5, 1].map((at) => amount.at(at, shut).change[3])).toEqual(
      [0, 0.4, 0.8].map((value) => expect.closeTo(value, 6) as number),
    );
  });

  it('come as often as it is said, one over before the next', () => {
    expect(count(blinks({ 'blink.rate': lane([0, 0]) }), 60)).toBe(0);
    expect(count(blinks({ 'blink.rate': lane([0, 30]) }), 120) / 2).toBeGreaterThan(20);
    expect(count(blinks({ 'blink.rate': lane([0, 30]) }), 120) / 2).toBeLessThan(40);
    const often = count(blinks({ 'blink.rate': lane([0, 60]) }), 60);
    expect(often).toBeGreaterThan(40);
    expect(often).toBeLessThan(70);
    const rising = blinks({ 'blink.rate': lane([0, 0], [60, 0, 'hold'], [60.1, 60, 'hold']) });
    expect(count(rising, 60)).toBe(0);
    expect(count(rising, 90)).toBeGreaterThan(15);
    expect(blinks({ 'blink.rate': lane([0, 20]) }).at(30, shut).change).toEqual(
      blinks({ 'blink.rate': lane([0, 20]) }).at(30, still).change,
    ); // in place of the motion's own
  });
});
