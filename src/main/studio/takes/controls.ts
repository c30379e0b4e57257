import type { PoseSource } from '../../../shared/domain/take.ts';
import { EXPRESSIONS, type Face } from '../../../shared/face/index.ts';
import {
  type Accents,
  blinkHabits,
  type Control,
  controlOf,
  type Looking,
  type MotionTrack,
  NaturalMotion,
  type Rig,
  withHeadTurn,
} from '../engine/index.ts';
import { rowAt } from './back-and-forth.ts';
import type { KeyedMotion, OwnMotion } from './keyed-motion.ts';
import type { Manner } from './manner.ts';

/** What of a person's rig tells eyes from mouth, and what a turned head does to the latter. */
type Person = Face & Pick<Rig, 'eyeMask' | 'headTurn'>;

/** What a frame of a take shows: the driven motion, and the row of the track whose picture belongs to it. */
export interface TakeFrame {
  readonly control: Control;
  readonly row: number;
}

/** Whose timeline a frame lies on. */
interface Timeline {
  readonly fps: number;
  readonly pose: PoseSource;
  /** Of all that the take says: what natural motion goes with. */
  readonly accents: Accents;
  /** Where natural motion's gaze shifts as eyes do. */
  readonly looking?: Looking | undefined;
}

/** What of a take changes frames beside their sound and pose. */
interface Directions {
  readonly style?: Manner['style'];
  readonly keyed?: KeyedMotion | undefined;
}

/**
 * One frame of a take's timeline, whichever. `said` [64] is what is spoken in it. The mouth is what is spoken, as a
 * head held like this shows it; the eyes, the pose, the gaze and the torso are the track's, or what is keyed of them;
 * the whole face leans as the style says, and does what is keyed on top of that.
 */
export function takeFrame(
  timeline: Timeline,
  rig: Person,
  track: MotionTrack,
  said: Float32Array,
  frame: number,
  { style, keyed }: Directions = {},
): TakeFrame {
  const seconds = frame / timeline.fps;
  const row = poseRow(timeline.pose, track, frame, timeline.fps);
  const moved = ownMotion(timeline, rig, track, row, seconds);
  const { control: own, shut } = keyed ? keyed.own(moved, seconds) : { control: moved.control, shut: 0 };
  const mixed = withOwnEyes(rig, withHeadTurn(rig, said, own.rotation), own.expression);
  const leant = style ? style(mixed, seconds) : mixed;
  return { row, control: { ...own, expression: keyed ? keyed.face(leant, seconds, shut) : leant } };
}

function ownMotion(
  { pose, accents, looking }: Timeline,
  rig: Person,
  track: MotionTrack,
  row: number,
  seconds: number,
): OwnMotion {
  if (pose.kind === 'natural') {
    const motion = naturalMotion(track, rig, pose.seed, accents, looking);
    const lids = (): Float32Array => {
      const shut = motion.shut(seconds);
      return blinkHabits(track, rig).closing.map((value) => shut * value);
    };
    return { control: motion.at(seconds), lids };
  }
  const control = controlOf(track, row);
  const lids = (): Float32Array => {
    const { open } = blinkHabits(track, rig);
    return control.expression.map((value, k) => value - open[row * EXPRESSIONS + k]!);
  };
  return { control, lids };
}

/**
 * Row of the track that gives a frame of the timeline its pose; the track is followed in time, so any rate fits any
 * other.
 */
export function poseRow(pose: PoseSource, track: MotionTrack, frame: number, fps: number): number {
  switch (pose.kind) {
    case 'still':
      return Math.min(pose.frame, track.frames - 1);
    case 'source': {
      const start = Math.min(pose.startFrame, track.frames - 1);
      return rowAt(track.time, track.time[start]! - track.time[0]! + frame / fps);
    }
    case 'natural': // where a picture of the video is needed, it plays as it is
      return rowAt(track.time, frame / fps);
  }
}

interface Known {
  readonly seed: number;
  readonly accents: Accents;
  readonly looking: Looking | undefined;
  readonly motion: NaturalMotion;
}
/**
 * Motions of a person, while their track is in use: each grows as it is asked for. Several windows may show several
 * takes.
 */
const natural = new WeakMap<MotionTrack, Known[]>();
const REMEMBERED_MOTIONS = 4;

function naturalMotion(
  track: MotionTrack,
  rig: Person,
  seed: number,
  accents: Accents,
  looking: Looking | undefined,
): NaturalMotion {
  const all = natural.get(track) ?? [];
  const known = all.find((other) => other.seed === seed && other.accents === accents && other.looking === looking);
  if (known) return known.motion;
  const motion = new NaturalMotion(track, rig, seed, accents, looking);
  natural.set(track, [{ seed, accents, looking, motion }, ...all].slice(0, REMEMBERED_MOTIONS));
  return motion;
}

/**
 * Speech moves the mouth; what `eyeMask` keeps comes from the person's own motion: `e = spoken + mask·(own - spoken)`.
 */
export function withOwnEyes(rig: Pick<Rig, 'eyeMask'>, spoken: Float32Array, own: Float32Array): Float32Array {
  const mixed = new Float32Array(EXPRESSIONS);
  for (let i = 0; i < EXPRESSIONS; i++) {
    let sum = spoken[i]!;
    for (let k = 0; k < EXPRESSIONS; k++) sum += rig.eyeMask[i * EXPRESSIONS + k]! * (own[k]! - spoken[k]!);
    mixed[i] = sum;
  }
  return mixed;
}
