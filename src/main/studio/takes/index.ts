/** A take: what an avatar says and does, and how it becomes one sound and one control for every frame. */
export { rowAt } from './back-and-forth.ts';
export { poseRow, takeFrame, type TakeFrame, takeFrames, withOwnEyes } from './controls.ts';
export { type Manner, mannerOf, variationOf } from './manner.ts';
export { type MixRequest, mixTake, type SoundLookup, writeMix } from './mix.ts';
export { savedTake, saveTake } from './saved.ts';
export { frameCount, plainStretch, type Stretch } from './stretch.ts';
