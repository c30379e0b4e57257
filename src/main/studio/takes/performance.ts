import type { PoseSource } from '../../../shared/domain/take.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import { type AvatarDescription, type MotionTrack, restingExpression } from '../engine/index.ts';
import { takeFrame, type TakeFrame } from './controls.ts';
import type { Said } from './heard.ts';
import type { Manner } from './manner.ts';

/** What a performance is made of. */
export interface PerformanceParts {
  readonly pose: PoseSource;
  readonly manner: Manner;
  readonly said: Said;
  /** Of the timeline; the avatar's own by default. */
  readonly fps?: number;
  /** Motion of the source; the avatar's own by default. */
  readonly track?: MotionTrack;
}

/** A take as one avatar performs it. */
export interface Performance {
  /** What is said, as far as the mouth goes in this take [frames,64]; from the frame that `said` begins at. */
  readonly expression: Float32Array;
  /** Any frame of the timeline: where nothing was heard, the mouth rests. */
  frame(frame: number): TakeFrame;
}

/** Puts together what is said, how, and what the head does meanwhile: the one way for live pictures and for files. */
export function performanceOf(
  { rig, idle, manifest }: Pick<AvatarDescription, 'rig' | 'idle' | 'manifest'>,
  { pose, manner, said, fps = manifest.source.fps, track = idle }: PerformanceParts,
): Performance {
  const expression = manner.mouth(said.expression);
  const rows = expression.length / EXPRESSIONS;
  const rest = restingExpression(rig);
  return {
    expression,
    frame(frame) {
      const row = frame - said.begins;
      const spoken = row >= 0 && row < rows ? expression.subarray(row * EXPRESSIONS, (row + 1) * EXPRESSIONS) : rest;
      return takeFrame({ pose, fps, accents: said.accents }, rig, track, spoken, frame, manner.style);
    },
  };
}
