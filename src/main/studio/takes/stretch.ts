import type { Accents } from '../engine/index.ts';
import type { PoseSource } from '../../../shared/domain/take.ts';

/** The part of a take that is drawn: these frames of its timeline, at `frame / fps` seconds of it. */
export interface Stretch {
  readonly fps: number;
  /** The timeline's frame that comes first. */
  readonly first: number;
  readonly frames: number;
  readonly pose: PoseSource;
  /** Of all that the take says, on its timeline: what natural motion goes with. */
  readonly accents?: Accents | undefined;
}

/** Everything that is said, over the source's own motion from its beginning. */
export function plainStretch(seconds: number, fps: number): Stretch {
  return { fps, first: 0, frames: frameCount(seconds, fps), pose: { kind: 'source', startFrame: 0 } };
}

/** Frames of a stretch: as near to its sound's length as whole frames come. */
export function frameCount(seconds: number, fps: number): number {
  return Math.max(1, Math.round(seconds * fps));
}
