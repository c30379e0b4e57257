import { z } from 'zod';
import { Lanes, LATEST_SECONDS } from './lanes/lane.ts';
import { PLAIN_SPEECH, Speech } from './speech.ts';

export { MOST_STYLES, PLAIN_SPEECH, Speech, SPEECH_NAMES, SpeechWish, STRENGTH } from './speech.ts';

/** Names a sound of a project; `source` is the video's own. */
export const SoundId = z.string().regex(/^(source|[0-9a-f]{16})$/);
export const SOURCE_SOUND = 'source';

/** dB that a clip is made louder by: at -60 hardly anything is left, and 12 are four times as much. */
export const GAIN = { least: -60, usual: 0, most: 12 } as const;

/** Part of a sound, laid on the take's timeline; seconds throughout. */
export const SoundClip = z.object({
  id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  sound: SoundId,
  /** Where on the timeline it begins. */
  at: z.number().min(0).max(LATEST_SECONDS),
  /** Where in the sound it begins. */
  start: z.number().min(0).max(LATEST_SECONDS),
  seconds: z.number().min(0.01).max(LATEST_SECONDS),
  /** dB; without it as it was recorded. */
  gain: z.number().min(GAIN.least).max(GAIN.most).optional(),
  /** How long it takes from silence at its beginning, and to silence at its end; not at all without them. */
  fadeIn: z.number().min(0).max(LATEST_SECONDS).optional(),
  fadeOut: z.number().min(0).max(LATEST_SECONDS).optional(),
});
export type SoundClip = z.infer<typeof SoundClip>;

/** Where the head's movement of a take comes from. */
export const PoseSource = z.discriminatedUnion('kind', [
  /** The source's own motion, looped back and forth, from this frame on. */
  z.object({ kind: z.literal('source'), startFrame: z.int().min(0).default(0) }),
  /** One frame of the source, held. */
  z.object({ kind: z.literal('still'), frame: z.int().min(0) }),
  /**
   * Movement of the person's own kind that never repeats, blinks included; the same for the same seed. A dub keeps the
   * video's. With `shifts` eyes look from one place at another as quickly as eyes do, and where the person's shifts go
   * with what they say, when they would; takes of before are without.
   */
  z.object({
    kind: z.literal('natural'),
    seed: z.int().min(0).max(0xffff_ffff),
    shifts: z.boolean().optional(),
  }),
]);
export type PoseSource = z.infer<typeof PoseSource>;

export const Marker = z.object({
  id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  at: z.number().min(0).max(LATEST_SECONDS),
  name: z.string().max(80),
});
export type Marker = z.infer<typeof Marker>;

/** What is on a project's timeline: what is said and when, what the head does meanwhile, and what will be exported. */
export const Take = z.object({
  version: z.literal(2),
  clips: z.array(SoundClip).max(200),
  /** Sounds of which no clip is heard; and while clips of any of the second are there, those of no other are. */
  muted: z.array(SoundId).max(1000).default([]),
  solo: z.array(SoundId).max(1000).default([]),
  pose: PoseSource,
  /** Takes of before there was any have none. */
  speech: Speech.default(PLAIN_SPEECH),
  /** What is keyed over time, on top of that. */
  lanes: Lanes,
  /** In and out; null: everything. */
  range: z
    .object({ from: z.number().min(0), to: z.number().max(LATEST_SECONDS) })
    .refine(({ from, to }) => to > from, 'The out point must come after the in point.')
    .nullable(),
  markers: z.array(Marker).max(500),
  /**
   * Sounds of the project that were removed. Their files stay, so that undo, here or in another window, brings back
   * what can be heard.
   */
  removed: z.array(SoundId).max(1000).default([]),
});
export type Take = z.infer<typeof Take>;

/** A take on which there is nothing. */
export const EMPTY_TAKE: Take = {
  version: 2,
  clips: [],
  muted: [],
  solo: [],
  pose: { kind: 'source', startFrame: 0 },
  speech: PLAIN_SPEECH,
  lanes: {},
  range: null,
  markers: [],
  removed: [],
};

/**
 * What each part of a take is for, said once: `played` is heard and seen wherever the take plays, `cut` only says which
 * part of that is exported, `beside` is neither heard nor seen. A part of a take that is not named here does not
 * compile.
 */
export const TAKE_PARTS = {
  version: 'beside',
  clips: 'played',
  muted: 'played',
  solo: 'played',
  pose: 'played',
  speech: 'played',
  lanes: 'played',
  range: 'cut',
  markers: 'beside',
  removed: 'beside',
} as const satisfies Record<keyof Take, 'played' | 'cut' | 'beside'>;

type Parts<Use> = { [Part in keyof Take as (typeof TAKE_PARTS)[Part] extends Use ? Part : never]: Take[Part] };
/** What of a take is heard and seen: two takes that are alike in it play alike. */
export type PlayedPart = Parts<'played'>;
/** What of a take makes an exported file what it is. */
export type ExportedPart = Parts<'played' | 'cut'>;

export function playedPart(take: Take): PlayedPart {
  return partsOf(take, ['played']) as PlayedPart;
}

export function exportedPart(take: Take): ExportedPart {
  return partsOf(take, ['played', 'cut']) as ExportedPart;
}

function partsOf(take: Take, uses: readonly (typeof TAKE_PARTS)[keyof Take][]): Partial<Take> {
  const parts = (Object.keys(TAKE_PARTS) as (keyof Take)[]).filter((part) => uses.includes(TAKE_PARTS[part]));
  return Object.fromEntries(parts.map((part) => [part, take[part]]));
}

/** The take of a project nobody has edited: its own sound from end to end, if it has one. */
export function initialTake({ duration, hasAudio }: { readonly duration: number; readonly hasAudio: boolean }): Take {
  const clips =
    hasAudio && duration >= 0.01 ? [{ id: 'source', sound: SOURCE_SOUND, at: 0, start: 0, seconds: duration }] : [];
  return { ...EMPTY_TAKE, clips };
}

/** Where the last sound ends, seconds; 0 without sounds. */
export function takeSeconds(take: Pick<Take, 'clips'>): number {
  return take.clips.reduce((end, clip) => Math.max(end, clip.at + clip.seconds), 0);
}

/** Frames of a sound: as near to its length as whole frames come, and one at least. */
export function frameCount(seconds: number, fps: number): number {
  return Math.max(1, Math.round(seconds * fps));
}

/** The frames between a take's in and out points: those nearest to them, and one at least. */
export function stretchOf(
  { range, clips }: Pick<Take, 'range' | 'clips'>,
  fps: number,
): { readonly first: number; readonly frames: number } {
  const { from, to } = range ?? { from: 0, to: takeSeconds({ clips }) };
  const first = Math.round(from * fps);
  return { first, frames: Math.max(1, Math.round(to * fps) - first) };
}

/** Where on the timeline a film of a take begins, seconds: on a whole frame. */
export const exportBegins = ({ range }: Pick<Take, 'range'>, fps: number): number =>
  Math.round((range?.from ?? 0) * fps) / fps;
