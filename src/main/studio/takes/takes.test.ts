import { describe, expect, it } from 'vitest';
import { frameCount, PLAIN_SPEECH, type PoseSource } from '../../../shared/domain/take.ts';
import { EXPRESSIONS, VERTICES } from '../../../shared/face/index.ts';
import type { Avatar, MotionTrack, Rig } from '../engine/index.ts';
import { rowAt } from './back-and-forth.ts';
import { poseRow, type TakeFrame, withOwnEyes } from './controls.ts';
import { mannerOf, performanceOf } from './index.ts';

/** A track whose row k has k in every expression and 100 + k as its first translation. */
function track(times: readonly number[]): MotionTrack {
  const frames = times.length;
  const rows = (width: number, value: (row: number) => number) =>
    Float32Array.from({ length: frames * width }, (_, i) => value(Math.floor(i / width)));
  return {
    frames,
    time: Float64Array.from(times),
    state: new Uint8Array(frames),
    expression: rows(EXPRESSIONS, (row) => row),
    rotation: rows(9, () => 0),
    translation: rows(3, (row) => 100 + row),
    gaze: rows(4, (row) => row / 10),
    crop: rows(3, () => 1),
    torso: rows(6, () => 0),
    torsoPose: new Float32Array(12),
  };
}
const at25 = (frames: number) => Array.from({ length: frames }, (_, k) => k / 25);
/** Only coefficient 5 belongs to the eyes. */
const eyeMask = new Float32Array(EXPRESSIONS * EXPRESSIONS);
eyeMask[5 * EXPRESSIONS + 5] = 1;

/** A face that nothing moves, but for what a test adds. */
const rig = {
  eyeMask,
  neutral: new Float32Array(VERTICES * 3),
  expressionBasis: new Float32Array(EXPRESSIONS * VERTICES * 3),
  lleBank: new Float32Array(0),
} as unknown as Rig;

/** So many frames of a timeline at 25 a second, of which `spoken` [n,64] is said from the first one on. */
function performed(
  frames: number,
  idle: MotionTrack,
  spoken: Float32Array,
  { face = rig, pose = SOURCE, first = 0 }: { face?: Rig; pose?: PoseSource; first?: number } = {},
): TakeFrame[] {
  const avatar = { rig: face, idle, styles: [], manifest: { source: { fps: 25 } } } as unknown as Avatar;
  const said = { expression: spoken, pitch: new Float32Array(0), accents: new Float32Array(0), begins: first };
  const performance = performanceOf(avatar, { pose, manner: mannerOf(avatar, PLAIN_SPEECH), said });
  return Array.from({ length: frames }, (_, k) => performance.frame(first + k));
}
const SOURCE: PoseSource = { kind: 'source', startFrame: 0 };

describe('a source shorter than its sound', () => {
  it('plays back and forth without showing either end twice', () => {
    const times = Float64Array.from(at25(4));
    expect(Array.from({ length: 14 }, (_, k) => rowAt(times, k / 25))).toEqual([
      0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1,
    ]);
  });

  it('stays in step for hours', () => {
    const times = Float64Array.from(at25(500));
    const step = 25 * 3600 * 3 + 7;
    const phase = step % 998;
    expect(rowAt(times, step / 25)).toBe(phase < 500 ? phase : 998 - phase);
  });

  it('is followed in time when its frames are not evenly spaced', () => {
    const times = Float64Array.of(0, 0.04, 0.2, 0.24);
    expect(
      [0, 0.04, 0.08, 0.12, 0.16, 0.2, 0.24, 0.28, 0.32, 0.4, 0.44, 0.48].map((seconds) => rowAt(times, seconds)),
    ).toEqual([0, 1, 1, 1, 2, 2, 3, 2, 2, 1, 1, 0]);
  });

  it('of one frame is that frame for ever', () => {
    expect(rowAt(Float64Array.of(0), 12)).toBe(0);
  });
});

describe('a stretch of a take', () => {
  it('is as long as its sound, to the nearest frame', () => {
    expect([
      frameCount(8, 25),
      frameCount(8.019, 25),
      frameCount(8.021, 25),
      frameCount(0.001, 25),
      frameCount(10.01, 29.97),
    ]).toEqual([200, 200, 201, 1, 300]);
  });

  it('has the pose, gaze and eyes of the source and the mouth of the sound', () => {
    const spoken = new Float32Array(6 * EXPRESSIONS).fill(-1);
    const frames = performed(6, track(at25(4)), spoken);
    expect(frames.map(({ row }) => row)).toEqual([0, 1, 2, 3, 2, 1]);
    for (const { row, control } of frames) {
      expect(control.translation[0]).toBe(100 + row);
      expect(control.gaze[0]).toBeCloseTo(row / 10);
      expect(control.expression[5]).toBe(row);
      expect(control.expression[6]).toBe(-1);
    }
  });

  it('can start anywhere in the source, or hold one frame of it', () => {
    const source = track(at25(4));
    const rows = (pose: PoseSource) => [0, 1, 2, 3].map((frame) => poseRow(pose, source, frame, 25));
    expect(rows({ kind: 'source', startFrame: 2 })).toEqual([2, 3, 2, 1]);
    expect(rows({ kind: 'still', frame: 1 })).toEqual([1, 1, 1, 1]);
    expect(rows({ kind: 'still', frame: 99 })).toEqual([3, 3, 3, 3]);
  });

  it('moves of its own accord for as long as it takes, the same for the same seed', () => {
    const spoken = new Float32Array(150 * EXPRESSIONS).fill(-1);
    const source = track(at25(100));
    const shown = (seed: number) =>
      performed(150, source, spoken, { pose: { kind: 'natural', seed } }).map(({ control }) => control);
    const [one, another] = [shown(3), shown(4)].map((controls) => controls.map(({ translation }) => translation[0]));
    expect(shown(3).map(({ translation }) => translation[0])).toEqual(one);
    expect(another).not.toEqual(one);
    expect(new Set(one).size).toBeGreaterThan(100); // of 150
    expect(new Set(shown(3).map(({ expression }) => expression[6]))).toEqual(new Set([-1]));
  });

  it("adds what the head's rotation adds to the mouth, and not to the eyes", () => {
    const slopes = new Float32Array(7 * EXPRESSIONS).fill(2, EXPRESSIONS, 2 * EXPRESSIONS); // 2 a radian of nodding
    const headTurn = { angles: Float32Array.of(-1, -1, -1, 0, 0, 0, 1, 1, 1), slopes };
    const nodding = {
      ...track([0]),
      rotation: Float32Array.of(1, 0, 0, 0, Math.cos(0.5), -Math.sin(0.5), 0, Math.sin(0.5), Math.cos(0.5)),
    };
    const spoken = new Float32Array(EXPRESSIONS).fill(-1);
    const [frame] = performed(1, nodding, spoken, { face: { ...rig, headTurn } });
    expect(frame!.control.expression[6]).toBeCloseTo(0, 5);
    expect(frame!.control.expression[5]).toBe(0); // the row's own
  });

  it('that begins later shows what the source does then', () => {
    const later = performed(2, track(at25(4)), new Float32Array(2 * EXPRESSIONS), { first: 5 });
    expect(later.map(({ row }) => row)).toEqual([1, 0]); // 0 1 2 3 2 | 1 0
  });

  it('at another rate than the source shows the source in its own time', () => {
    expect(
      [0, 1, 2, 3, 4, 5].map((frame) => poseRow({ kind: 'source', startFrame: 0 }, track(at25(4)), frame, 60)),
    ).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('keeps speech out of the eyes entirely', () => {
    const own = new Float32Array(EXPRESSIONS).fill(3);
    const mixed = withOwnEyes({ eyeMask }, new Float32Array(EXPRESSIONS).fill(8), own);
    expect([mixed[4], mixed[5], mixed[6]]).toEqual([8, 3, 8]);
  });
});
