import { beforeAll, describe, expect, it } from 'vitest';
import { parseSafetensors } from '../../../shared/binary/index.ts';
import { valueAt } from '../../../shared/domain/lanes/index.ts';
import { Take } from '../../../shared/domain/take.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import { type Avatar, filmedPerson, headAngles, type MotionTrack, reachOf } from '../engine/index.ts';
import {
  BLINKS,
  FILMED_SECONDS,
  filmedFile,
  filmedTrack,
  movingAbout,
  REACH,
  theirHead,
  theirJaw,
  theirSmile,
  theyGo,
  USUAL,
} from '../engine/reach/filmed.fixture.ts';
import { FPS, JAW, knownRig, knownTrack, LIDS, SMILE, SOURCE } from '../engine/reach/person.fixture.ts';
import { drivenTake } from './driven.ts';
import { mannerOf, type Performance, performanceOf, type Said } from './index.ts';

/** The known person, who blinks now and then. */
function blinking(): MotionTrack {
  const track = knownTrack();
  for (let frame = 30; frame < track.frames - 30; frame += 97)
    for (let k = 0; k < 4; k++) track.expression[(frame + k) * EXPRESSIONS + LIDS] = 0.9;
  return track;
}
const avatar = {
  rig: knownRig(),
  idle: blinking(),
  styles: [],
  varies: false,
  manifest: { source: { ...SOURCE, fps: FPS } },
} as unknown as Avatar;
/** The same, who moves about: as somebody does whose whole video is theirs. */
const mover = { ...avatar, idle: movingAbout(blinking()) } as unknown as Avatar;
const { pose } = reachOf(avatar);
/** They never move their brows. */
const DRIVEN = [
  'head.yaw',
  'head.pitch',
  'head.roll',
  'gaze.yaw',
  'gaze.pitch',
  'blink.once',
  'blink.rate',
  'face.jaw',
  'face.smile',
];
/** Of somebody who does not only turn their head. */
const PLACED = ['head.x', 'head.y', 'head.size', 'shoulders.x', 'shoulders.y', 'shoulders.roll'];
const person = filmedPerson(parseSafetensors(filmedFile()));
const frames = Array.from({ length: FILMED_SECONDS * FPS - 1 }, (_, frame) => frame);
/** A mouth that moves as it likes, which is not as they do. */
const said: Said = {
  expression: Float32Array.from({ length: FILMED_SECONDS * FPS * EXPRESSIONS }, (_, i) =>
    i % EXPRESSIONS === JAW ? 0.5 + 0.4 * Math.cos(i / EXPRESSIONS / 1.7) : 0,
  ),
  pitch: new Float32Array(0),
  accents: new Float32Array(0),
  begins: 0,
};

let take: Take;
let driven: Performance;
beforeAll(async () => {
  ({ take } = await drivenTake(avatar, person, { said }));
  const parts = { pose: take.pose, said, lanes: take.lanes };
  driven = performanceOf(avatar, { ...parts, manner: mannerOf(avatar, take.speech, take.lanes) });
});
const correlation = (a: readonly number[], b: readonly number[]): number => {
  const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length;
  const [left, right] = [a, b].map((values) => values.map((value) => value - mean(values))) as [number[], number[]];
  const product = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, k) => sum + value * y[k]!, 0);
  return product(left, right) / Math.sqrt(product(left, left) * product(right, right));
};
const shown = (of: (frame: number) => number): number[] => frames.map(of);

describe('a take that somebody drives', () => {
  it('is one that a person could have keyed, with nothing else moving, as long as they are seen', () => {
    expect(Take.parse(take)).toEqual(take);
    expect([take.clips, take.range]).toEqual([[], { from: 0, to: FILMED_SECONDS }]);
    expect(take.pose.kind).toBe('still');
    expect(Object.keys(take.lanes).toSorted()).toEqual(DRIVEN.toSorted());
  });

  it('turns the head as they do: as far where there is room, drawn together where there is not', () => {
    for (const axis of ['yaw', 'pitch', 'roll'] as const) {
      const theirs = shown((frame) => theirHead(frame / FPS)[axis]);
      const own = shown((frame) => headAngles(driven.frame(frame).control)[axis]);
      expect(correlation(theirs, own)).toBeGreaterThan(0.99);
      const { from, to } = pose.angles[axis];
      expect(Math.min(...own)).toBeGreaterThanOrEqual(from - 1e-3);
      expect(Math.max(...own)).toBeLessThanOrEqual(to + 1e-3);
    }
    const spread = (axis: 'yaw' | 'pitch'): number => {
      const own = shown((frame) => headAngles(driven.frame(frame).control)[axis]);
      return Math.max(...own) - Math.min(...own);
    };
    expect(spread('pitch')).toBeCloseTo(2 * REACH.pitch, 0); // they have 8 degrees of their own
    expect(spread('yaw')).toBeGreaterThan(45); // of 50, where theirs are 80
    const straight = frames.find((frame) => Math.abs(theirHead(frame / FPS).pitch - USUAL.pitch) < 0.2)!;
    expect(headAngles(driven.frame(straight).control).pitch).toBeCloseTo(pose.angles.pitch.usual, -1);
  });

  it('moves lips as they do, whatever speech alone would do with them', () => {
    const jaw = shown((frame) => driven.frame(frame).control.expression[JAW]!);
    const theirs = shown((frame) => theirJaw(frame / FPS));
    expect(
      correlation(
        theirs,
        shown((frame) => said.expression[frame * EXPRESSIONS + JAW]!),
      ),
    ).toBeLessThan(0.3);
    expect(correlation(theirs, jaw)).toBeGreaterThan(0.95);
    const smile = shown((frame) => driven.frame(frame).control.expression[SMILE]!);
    expect(
      correlation(
        shown((frame) => theirSmile(frame / FPS)),
        smile,
      ),
    ).toBeGreaterThan(0.9);
    expect(Math.max(...smile) - Math.min(...smile)).toBeCloseTo(0.4, 1);
  });

  it('blinks when they do, and at no other time', () => {
    const { 'blink.once': once, 'blink.rate': rate } = take.lanes;
    expect(once!.keys.map(({ at, value }) => [at, value])).toEqual(
      BLINKS.map((at) => [expect.closeTo(at - 1 / FPS, 6), 1]),
    );
    expect(valueAt(rate!.keys, 3)).toBe(0);
  });

  it('of a video without a sound moves lips all the same', async () => {
    const silent = { ...said, expression: new Float32Array(0) };
    const { take: mute } = await drivenTake(avatar, person, { said: silent });
    expect(mute.lanes['face.jaw']!.keys.length).toBeGreaterThan(10);
  });

  it('goes where they go, and holds the shoulders as they do', async () => {
    const going = filmedPerson(parseSafetensors(filmedFile(filmedTrack(theyGo))));
    const { take: gone } = await drivenTake(mover, going, { said });
    expect(Object.keys(gone.lanes)).toEqual(expect.arrayContaining(PLACED));
    const manner = mannerOf(mover, gone.speech, gone.lanes);
    const performance = performanceOf(mover, { pose: gone.pose, said, lanes: gone.lanes, manner });
    const own = frames.map((frame) => reachOf(mover).pose.of(performance.frame(frame).control));
    const theirs = frames.map((frame) => theyGo(frame / FPS));
    expect((await drivenTake(avatar, going, { said })).take.lanes).not.toHaveProperty(['head.x']); // who never does
    const far = (of: (k: number) => number): number => Math.max(...frames.map((_, k) => Math.abs(of(k))));
    // as near as lanes are kept, and as the usual of one is the usual of the other
    expect(far((k) => own[k]!.x - theirs[k]!.place.x)).toBeLessThan(0.7);
    expect(far((k) => own[k]!.y - theirs[k]!.place.y)).toBeLessThan(0.7);
    expect(far((k) => own[k]!.size - theirs[k]!.place.size)).toBeLessThan(0.03);
    expect(far((k) => own[k]!.shoulders.x - theirs[k]!.shoulders.x)).toBeLessThan(1);
    expect(far((k) => own[k]!.shoulders.y - theirs[k]!.shoulders.y)).toBeLessThan(1);
    expect(far((k) => own[k]!.shoulders.roll - theirs[k]!.shoulders.roll)).toBeLessThan(1);
  });

  it('is given up when it is to be', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(drivenTake(avatar, person, { said, signal: stop.signal })).rejects.toThrow('enough');
  });
});
