import { heededLanes, type LaneName, type Lanes } from '../../../shared/domain/lanes/index.ts';
import type { PoseSource } from '../../../shared/domain/take.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import {
  type AvatarDescription,
  blinkHabits,
  laneOf,
  type MotionTrack,
  reachOf,
  restingExpression,
} from '../engine/index.ts';
import { takeFrame, type TakeFrame } from './controls.ts';
import type { Said } from './heard.ts';
import { KeyedBlinks } from './keyed-blinks.ts';
import { KeyedMotion } from './keyed-motion.ts';
import { type Manner, seedOf } from './manner.ts';

/** What a performance is made of. */
export interface PerformanceParts {
  readonly pose: PoseSource;
  readonly manner: Manner;
  readonly said: Said;
  /** What is keyed of head, shoulders, eyes and face; nothing by default. */
  readonly lanes?: Lanes;
  /** Of the timeline; the avatar's own by default. */
  readonly fps?: number;
  /** Motion of the source; the avatar's own by default. */
  readonly track?: MotionTrack;
}

/** Moments of a timeline at which a lane is looked at: every so many frames. */
export interface Looks {
  readonly lane: LaneName;
  readonly first: number;
  readonly every: number;
  readonly count: number;
}

/** A take as one avatar performs it. */
export interface Performance {
  /** What is said, as far as the mouth goes in this take [frames,64]; from the frame that `said` begins at. */
  readonly expression: Float32Array;
  /**
   * Any frame of the timeline: where nothing was heard, the mouth rests. `live` [64] is what somebody says at this
   * moment instead, as it was heard.
   */
  frame(frame: number, live?: Float32Array): TakeFrame;
  /** The same with some lanes of somebody else's in the place of its own. */
  under(lanes: Lanes): Performance['frame'];
  /** What a lane would be without its keyframes, in its unit; where it is not to be seen in a frame, as a rule. */
  unkeyed(looks: Looks): number[];
}

/** Puts together what is said, how, and what the head does meanwhile: the one way for live pictures and for files. */
export function performanceOf(
  avatar: Pick<AvatarDescription, 'rig' | 'idle' | 'manifest' | 'styles' | 'varies'>,
  { pose, manner, said, lanes = {}, fps = avatar.manifest.source.fps, track = avatar.idle }: PerformanceParts,
): Performance {
  const { rig } = avatar;
  const expression = manner.mouth(said.expression, (row) => (said.begins + row) / fps);
  const rows = expression.length / EXPRESSIONS;
  const rest = restingExpression(rig);
  const looking = pose.kind === 'natural' && pose.shifts ? reachOf(avatar).gaze : undefined;
  const moving = (those: Lanes): Performance['frame'] => {
    const blinks = (keyed: Lanes) => new KeyedBlinks(blinkHabits(track, rig), keyed, seedOf(pose));
    const keyed = KeyedMotion.of(avatar, those, blinks);
    return (frame, live) => {
      const row = frame - said.begins;
      const heard = row >= 0 && row < rows ? expression.subarray(row * EXPRESSIONS, (row + 1) * EXPRESSIONS) : rest;
      const spoken = live ? manner.mouth(live, () => frame / fps) : heard;
      return takeFrame({ pose, fps, accents: said.accents, looking }, rig, track, spoken, frame, {
        style: manner.style,
        keyed,
      });
    };
  };
  return {
    expression,
    frame: moving(lanes),
    under: (others) => {
      const own = Object.entries(heededLanes(lanes)).map(([name, lane]) => [name, { ...lane, solo: false }]);
      return moving({ ...Object.fromEntries(own), ...others });
    },
    // What speech says stays as it is: no lane of speech is to be seen in a frame.
    unkeyed({ lane, first, every, count }) {
      const { [lane]: _, ...others } = heededLanes(lanes);
      const without = moving(others);
      const reach = reachOf(avatar);
      return Array.from({ length: count }, (__, k) => laneOf(reach, lane, without(first + k * every).control));
    },
  };
}
