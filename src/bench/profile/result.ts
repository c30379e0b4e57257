import { z } from 'zod';

const Part = z.object({ where: z.string(), ms: z.number() });
const Thread = z.object({ thread: z.string(), parts: z.array(Part) });

/** Where the time of a frame goes, milliseconds a frame. */
export const FrameProfile = z.object({
  what: z.string(), // 'live', 'portrait' or 'dub'
  width: z.int(),
  height: z.int(),
  frames: z.int(), // that were looked at
  frameMs: z.number(), // from one to the next
  threads: z.array(Thread), // waiting included, so that each comes to frameMs
  decodeMs: z.number().optional(), // a decoder by itself, for the same pictures
  encodeMs: z.number().optional(), // an encoder by itself, with the same pictures
});
export type FrameProfile = z.infer<typeof FrameProfile>;
