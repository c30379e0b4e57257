/** A take: what an avatar performs, and how it becomes one control for every frame. */
export { rowAt } from './back-and-forth.ts';
export { frameCount, PoseSource, Take } from './take.ts';
export { poseRow, takeFrame, type TakeFrame, takeFrames, withOwnEyes } from './controls.ts';
