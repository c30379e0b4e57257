/** The sounds of a project, as WAV files that every window can play and every export can use. */
export { hasOwnSound, type PlacedSound, ProjectSounds, requireOwnSound } from './project-sounds.ts';
export { listSounds, removeSound } from './sounds.ts';
