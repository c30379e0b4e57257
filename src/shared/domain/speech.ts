import { z } from 'zod';

/** How far the mouth goes for the same speech: a share of what the avatar would do by itself. */
export const STRENGTH = { least: 0.5, usual: 1, most: 1.5 } as const;
/** Styles of a person at most. */
export const MOST_STYLES = 6;

/** What speech does to the face beside what is said. */
export const Speech = z.object({
  strength: z.number().min(STRENGTH.least).max(STRENGTH.most).default(STRENGTH.usual),
  /**
   * Which of the person's own ways to hold their face it leans towards, the most frequent being 1, and how far; null:
   * as they usually do.
   */
  style: z
    .object({ entry: z.int().min(1).max(MOST_STYLES), amount: z.number().min(0).max(1) })
    .nullable()
    .default(null),
  /** How far from the likeliest mouth one of those that would go with the sound may be: 0 not at all, to 1 lively. */
  temperature: z.number().min(0).max(1).default(0),
});
export type Speech = z.infer<typeof Speech>;
/** What of it somebody asks for; the rest is as it would be. */
export const SpeechWish = z.object({
  strength: Speech.shape.strength.unwrap().optional(),
  style: Speech.shape.style.unwrap().optional(),
  temperature: Speech.shape.temperature.unwrap().optional(),
});
/** What each of it is called where people read it: on the command line and in the record of an export. */
export const SPEECH_NAMES = {
  strength: 'mouthStrength',
  style: 'style',
  temperature: 'temperature',
} as const satisfies Record<keyof Speech, string>;
export const PLAIN_SPEECH: Speech = { strength: STRENGTH.usual, style: null, temperature: 0 };
