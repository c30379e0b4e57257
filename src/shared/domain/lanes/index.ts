/** Lanes: what is keyed over time in a take. */
export {
  changeKey,
  type ChosenKeys,
  clearHandles,
  clearLane,
  type CopiedKeys,
  copyKeys,
  keysOf,
  keysUnder,
  MOMENT,
  moveKeys,
  pasteKeys,
  removeKeys,
  saidAs,
  setKey,
  setMuted,
  setSolo,
  spanOf,
  stretchKeys,
} from './edit.ts';
export { frontalised, shortOfFrontal } from './frontal.ts';
export { handleOf, setHandle, type Side, SIDES } from './handles.ts';
export {
  Curve,
  Handle,
  heededLanes,
  Keyframe,
  Lane,
  Lanes,
  lanesIn,
  lanesOfDub,
  MOST_KEYS,
  MOST_KEYS_IN_ALL,
} from './lane.ts';
export {
  LANE_NAMES,
  LaneName,
  LaneRange,
  LaneRanges,
  LANES,
  type LaneSpec,
  type LaneUnit,
  type LaneWay,
} from './names.ts';
export { thinned } from './thinned.ts';
export { type Bezier, bezierOf, placeOf, valueAt } from './value.ts';
