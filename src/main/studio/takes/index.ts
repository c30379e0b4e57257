/** A take: what an avatar says and does, and how it becomes one sound and one control for every frame. */
export { closuresOf, type PhonesLookup } from './closures.ts';
export type { TakeFrame } from './controls.ts';
export { drivenTake } from './driven.ts';
export { type LaneValues, LiveDriving } from './live-driving.ts';
export { hear, type HeardSound, type Said, wholeSound } from './heard.ts';
export { isVaried, mannerOf, variationOf } from './manner.ts';
export { type SoundLookup, writeMix } from './mix.ts';
export { type Looks, type Performance, performanceOf } from './performance.ts';
export { migrated, writtenTake } from './migrations.ts';
export { type OpenTake, savedTake, saveTake, takeOfSound } from './saved.ts';
