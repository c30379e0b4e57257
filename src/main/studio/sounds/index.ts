/** The sounds of a project, as WAV files that every window can play and every export can use. */
export { addSound, listSounds, removeSound, sourceSound, wavePath } from './sounds.ts';
export { soundShape } from './shape.ts';
