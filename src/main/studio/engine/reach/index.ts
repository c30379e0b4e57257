/** How far a person goes: what of each lane their own frames contain, and moving along it. */
export { type Direction, headAngles, type HeadAngles, headRotation } from './angles.ts';
export { broughtInto, type Extent, extentOf, type Movement, movementAt, softlyInto } from './extent.ts';
export { type FaceShares, OwnFace } from './face.ts';
export { type FilmedPerson, filmedPerson } from './filmed-person.ts';
export { type KeyedGaze, OwnGaze } from './gaze.ts';
export { type KeyedHead, type KeyedShoulders, OwnPose, type PlaceLane } from './head.ts';
export { laneOf } from './lane-of.ts';
export { type LiveDoing, LivePerson } from './live-person.ts';
export { FACE_MEASURES, type FaceMeasure, Measure } from './measures.ts';
export { placed, type Placed, type Whereabouts } from './whereabouts.ts';
export { type Reach, type Reaching, reachOf } from './reach.ts';
