import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Language, LONGEST_SCRIPT, Script, SoundText, SpokenScript, VoiceName } from '../domain/script/index.ts';
import { SoundId } from '../domain/take.ts';
import { Signed } from './credentials.ts';
import { JobId, ProjectId } from './refs.ts';

/** A voice that scripts can be spoken with. */
export const VoiceView = z.object({
  name: VoiceName,
  title: z.string(),
  language: z.string().nullable(), // as espeak calls it; null until the voice is here
  state: z.enum(['present', 'absent', 'damaged']),
  licence: z.string(),
  /** Of one that this program can fetch: what is agreed to, and how much there is to download. */
  fetch: z.object({ terms: z.string(), bytes: z.int() }).nullable(),
});
export type VoiceView = z.infer<typeof VoiceView>;

/** A script that was spoken. */
export const SayResult = z.object({
  path: z.string(), // the WAV file; of a project's sound, where it lies there
  sound: SoundId.nullable(), // of the project it was spoken for
  seconds: z.number(),
  sentences: z.int(),
  anew: z.int(), // of them; the others were spoken before
  words: z.int(),
  times: z.string().nullable(), // the file of the words' times, where one was asked for
  credentials: Signed.optional(), // of a file that was asked for
});
export type SayResult = z.infer<typeof SayResult>;

/** A text that was aligned to a recording of it. */
export const AlignResult = z.object({
  sound: SoundId.nullable(), // of the project; null for a file
  seconds: z.number(), // of the sound
  words: z.int(),
  path: z.string().nullable(), // of captions, or of the words' times; null: kept with the project's sound alone
});
export type AlignResult = z.infer<typeof AlignResult>;

/**
 * Captions of a film: drawn into it or a file beside it. `file`: of subtitles, or of the times of words; null: what is
 * said on the take, as far as its text is known.
 */
export const CaptionsWish = z.object({ as: z.enum(['burn', 'srt', 'vtt']), file: z.string().nullable() });
export type CaptionsWish = z.infer<typeof CaptionsWish>;

const started = z.object({ jobId: z.string() });
const project = z.object({ id: ProjectId });

export const voicesContract = {
  voices: {
    list: oc.output(z.array(VoiceView)),
    /** Downloads a voice; who asks has agreed to its terms. Raises 'not-found', and 'bad-request' for others. */
    fetch: oc.input(z.object({ voice: VoiceName, agreed: z.literal(true) })).output(started),
    /** Speaks a script as a sound of the project. Raises 'bad-request' for no text, 'not-found' for the voice. */
    say: oc.input(project.extend({ script: Script })).output(started),
    /** What such a job made. Raises 'not-found' before it is done. */
    said: oc.input(z.object({ job: JobId })).output(SayResult),
    /** The script of a sound, and when its words are said; null of one that no voice spoke. */
    script: oc.input(project.extend({ sound: SoundId })).output(SpokenScript.nullable()),
    /** Looks for the words of a text in a sound that was recorded. Raises 'bad-request' for no text. */
    align: oc
      .input(project.extend({ sound: SoundId, text: z.string().max(LONGEST_SCRIPT), language: Language }))
      .output(started),
    /** The text that a sound was given, and when its words are said; null of one that was given none. */
    text: oc.input(project.extend({ sound: SoundId })).output(SoundText.nullable()),
  },
};
