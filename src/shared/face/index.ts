/** The face as the engine and the window know it: how large things are, where its vertices go, what a camera sees. */
export { type Camera, type Face, type HeadPose, poseVertices, projectVertex } from './geometry.ts';
export { CROP_SIDE, EXPRESSIONS, LANDMARKS, TRIANGLES, VERTICES } from './sizes.ts';
export { FRAME_STATES, type FrameState } from '../format/index.ts';
