import type { Manifest } from '../../../shared/contract/index.ts';
import type { MotionTrack, Rig } from './bundle/index.ts';
import type { GraphName, SpeedFigures } from './draw/index.ts';
import type { StyleEntry } from './manner/index.ts';

/**
 * `best` is what showed frames never seen better, by the manifest: the closed form or the std graph. `auto` is the
 * closed form where that is best; else it times the graphs there are for about a second and keeps the better one that
 * is fast enough to be live. A form that the avatar does not hold is not found.
 */
export type GraphChoice = GraphName | 'auto' | 'best';

/** What an opened avatar tells about itself. */
export interface AvatarDescription {
  readonly id: string;
  readonly manifest: Manifest;
  readonly rig: Rig;
  readonly idle: MotionTrack;
  /** How this person can hold their face: entry 1 of a take's style first. */
  readonly styles: readonly StyleEntry[];
  /** Whether it knows how else its person might say things: a take's temperature. */
  readonly varies: boolean;
  readonly graph: GraphName;
  /** What the start-up benchmark saw; empty when a graph was asked for. */
  readonly speeds: readonly SpeedFigures[];
}
