/** Captions of what is said: in a file beside a film, or drawn into its pictures. */
export { assFilter, assOf, lineOf } from './ass.ts';
export { type Captions, captionsFrom, captionsOfTake, cuesFor, wordsOfTake } from './captions.ts';
