/** What lanes say of somebody who is moved by somebody else, in a video or before a camera. */
import type { LaneName, LaneRange } from '../../../shared/domain/lanes/index.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import {
  type AvatarDescription,
  type Control,
  type Extent,
  type Reach,
  reachOf,
  withHeadTurn,
} from '../engine/index.ts';
import { withOwnEyes } from './controls.ts';

type Way = Reach['face']['ways'][number];

/** Degrees; cm of the face, cm of where somebody is, and times as large. */
const OFF = { head: 0.5, gaze: 1, cm: 0.03, place: 0.2, size: 0.005 } as const;
const AT_REST = new Float32Array(EXPRESSIONS);

/** By how much a lane may be off what was measured: less than is seen in a picture, or than a tracker is sure of. */
export function offOf(
  avatar: Pick<AvatarDescription, 'rig' | 'idle' | 'manifest' | 'styles' | 'varies'>,
  name: LaneName,
): number {
  const way = reachOf(avatar).face.ways.find((one) => name === `face.${one.name}`);
  if (way) return OFF.cm / Math.max(way.room.below, way.room.above); // a share of what they do
  if (name === 'head.size') return OFF.size;
  if (/\.[xy]$/.test(name)) return OFF.place;
  return name.startsWith('gaze.') ? OFF.gaze : OFF.head;
}

export function extentIn({ from, to, usual }: LaneRange): Extent {
  return { usual, below: usual - from, above: to - usual };
}

/** How much of a lane of the face, beside what a frame does already, makes `wanted` cm of it. */
export function shareFor(
  rig: AvatarDescription['rig'],
  { measure, room }: Way,
  { expression, rotation }: Control,
  wanted: number,
): number {
  // What a turned head does to what is said stays: their movement is measured without it.
  const turn = withOwnEyes(rig, withHeadTurn(rig, AT_REST, rotation), AT_REST);
  const more = wanted - (measure.at(expression) - measure.at(turn) + measure.rest);
  const whole = more < 0 ? room.below : room.above;
  return whole === 0 ? 0 : Math.min(Math.max(more / whole, -1), 1);
}
