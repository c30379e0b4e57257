import { z } from 'zod';

const delay = z.object({ p50Ms: z.number(), p95Ms: z.number() });
const weight = z.object({ bytes: z.int(), gzipBytes: z.int() });

/** The window in a browser on this computer: how fast it is to a person, and how much of it there is. */
export const WindowSpeed = z.object({
  browser: z.string(),
  playing: z.object({
    fps: z.number(), // pictures of the avatar that were painted, a second; never more than the source has
    mostFps: z.number(), // as much, when it plays faster than pictures can come
    sourceFps: z.number(),
    height: z.int(),
  }),
  /** From the hand's event to the frame painted: one wish at a time, all over the video. */
  scrub: z.object({ source: delay, avatar: delay }),
  /** From the start of the navigation to the library's first control on screen and answering; nothing is cached. */
  interactiveMs: z.number(),
  open: z.object({
    pictureMs: z.number(), // from the click on a project to its picture on the stage
    avatarMs: z.number(), // to its avatar's picture, the first time: the engine is opened meanwhile
  }),
  bundle: z.object({ main: weight, styles: weight, lazy: weight }), // lazy: what is only fetched when it is wanted
});
export type WindowSpeed = z.infer<typeof WindowSpeed>;
