import { z } from 'zod';

/** Where the head's movement of a take comes from. */
export const PoseSource = z.discriminatedUnion('kind', [
  /** The source's own motion, looped back and forth, from this frame on. */
  z.object({ kind: z.literal('source'), startFrame: z.int().min(0).default(0) }),
  /** One frame of the source, held. */
  z.object({ kind: z.literal('still'), frame: z.int().min(0) }),
]);
export type PoseSource = z.infer<typeof PoseSource>;

/** A performance: what is said, from when to when, and what the head does meanwhile. */
export const Take = z.object({
  version: z.literal(1),
  fps: z.number().positive().max(240),
  audio: z.object({
    path: z.string(),
    /** Seconds into the sound where the take begins. */
    start: z.number().min(0).default(0),
    /** Length of the take, seconds. */
    seconds: z.number().positive(),
  }),
  pose: PoseSource.default({ kind: 'source', startFrame: 0 }),
});
export type Take = z.infer<typeof Take>;

/** Frames of a take: as near to its sound's length as whole frames come. */
export function frameCount(seconds: number, fps: number): number {
  return Math.max(1, Math.round(seconds * fps));
}
