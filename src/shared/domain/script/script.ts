import { z } from 'zod';

/** Characters; spoken at a usual pace it is nearly two hours. */
export const LONGEST_SCRIPT = 100_000;
export const SPEED = { least: 0.5, usual: 1, most: 2 } as const;
/** Seconds between sentences; between paragraphs twice as long. */
export const PAUSE = { least: 0, usual: 0.35, most: 5 } as const;

export const VoiceName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/);

/** Words to be spoken, and how. */
export const Script = z.object({
  text: z.string().max(LONGEST_SCRIPT),
  voice: VoiceName,
  speed: z.number().min(SPEED.least).max(SPEED.most).default(SPEED.usual), // how many times as fast as the voice does
  pause: z.number().min(PAUSE.least).max(PAUSE.most).default(PAUSE.usual),
});
export type Script = z.infer<typeof Script>;

/** A part of a sound, seconds from its beginning. */
const span = { from: z.number().min(0), to: z.number().min(0) };
/** A word as it is written, without punctuation around it, and where in the script it begins. */
export const SpokenWord = z.object({ text: z.string(), at: z.int().min(0), ...span });
export type SpokenWord = z.infer<typeof SpokenWord>;
/** A phoneme: IPA as the voice was trained on it. */
export const SpokenPhone = z.object({ symbol: z.string(), ...span });
export type SpokenPhone = z.infer<typeof SpokenPhone>;

/** When what of a script is said in its sound. */
export const SpeechTimes = z.object({
  seconds: z.number().positive(),
  words: z.array(SpokenWord).max(LONGEST_SCRIPT),
  phones: z.array(SpokenPhone),
});
export type SpeechTimes = z.infer<typeof SpeechTimes>;

/** A text, and when it is said. */
export interface SaidText {
  readonly text: string;
  readonly times: SpeechTimes;
}
/** What is kept beside a sound that a voice spoke. */
export const SpokenScript = z.object({ version: z.literal(1), script: Script, times: SpeechTimes });
export type SpokenScript = z.infer<typeof SpokenScript>;

/** A language as espeak calls it. */
export const Language = z.string().regex(/^[a-z]{2,3}(-[a-z0-9]{2,20})*$/);
export const USUAL_LANGUAGE = 'en-us';
/** What is said in a recording, by somebody who gave its text, and when by hearing it: kept beside the sound. */
export const SoundText = z.object({
  version: z.literal(1),
  text: z.string().max(LONGEST_SCRIPT),
  language: Language,
  times: SpeechTimes,
});
export type SoundText = z.infer<typeof SoundText>;
