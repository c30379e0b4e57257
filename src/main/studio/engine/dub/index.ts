/** A driven face put back into frames of the source video. */
export { FaceReplacer } from './face-replacer.ts';
export type { DubFrame, PlanarPicture } from './planar.ts';
export { Film, newFilm } from './film.ts';
