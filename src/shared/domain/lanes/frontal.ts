import type { Take } from '../take.ts';
import { clearLane, setKey } from './edit.ts';
import type { LaneName, LaneRanges } from './names.ts';

const HEAD = ['head.yaw', 'head.pitch', 'head.roll'] as const satisfies readonly LaneName[];
/** The camera is that way. */
const AHEAD = 0;

/**
 * Head and gaze to the camera, throughout, as near as this person's own frames allow; the expression is kept. Each
 * keyframe gets an id of `newId`.
 */
export function frontalised(take: Take, ranges: LaneRanges, newId: () => string): Take {
  const held = (now: Take, name: LaneName, value: number): Take =>
    setKey(clearLane(now, name), name, { id: newId(), at: 0, value, curve: 'hold' });
  const ahead = HEAD.reduce((now, name) => held(now, name, nearestAhead(ranges, name)), take);
  return held(clearLane(clearLane(ahead, 'gaze.yaw'), 'gaze.pitch'), 'gaze.camera', 1);
}

/** Where the person never held their head as straight as that: how far it stays turned, degrees. */
export function shortOfFrontal(ranges: LaneRanges): { readonly name: LaneName; readonly degrees: number }[] {
  return HEAD.map((name) => ({ name, degrees: nearestAhead(ranges, name) })).filter(({ degrees }) => degrees !== AHEAD);
}

function nearestAhead(ranges: LaneRanges, name: LaneName): number {
  const range = ranges[name];
  return range ? Math.min(Math.max(AHEAD, range.from), range.to) : AHEAD;
}
