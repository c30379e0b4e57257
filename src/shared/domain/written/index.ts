/** Values as people write them, in an option of a command or in a cell of a table. */
export { oneOf, Unfit, within } from './values.ts';
export { mouthStrength, speechOf, style, temperature, type WrittenSpeech } from './speech.ts';
export { backgroundOf, filmOf, pictureHeight, type WrittenFilm } from './film.ts';
export { scriptOfText, wordsOf, type WrittenVoice } from './script.ts';
export { CELLS, LIST_COLUMNS, SAYS, type WrittenRow } from './row.ts';
