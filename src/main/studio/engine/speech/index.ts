/** From sound to what the mouth does, and how things were said. */
export { accentFrom, type Accents, findAccents } from './accents.ts';
export { apertures, LipGap } from './aperture.ts';
export { type HubertEar, hubertEar } from './hubert-ear.ts';
export { LIVE_FILE, LiveDrive } from './live-drive.ts';
export { LleProjection } from './lle.ts';
export { restingExpression } from './rest.ts';
export {
  type Hearing,
  LONGEST_PIECE_WITHIN,
  SPEECH_FILES,
  SPEECH_RATE,
  SpeechDrive,
  type Spoken,
} from './speech-drive.ts';
export { MouthScaling } from './strength.ts';
export type { Span } from './told-closures.ts';
export { isLively, LATENT_SECONDS, type Variation, VARIATION_FILE } from './variation.ts';
