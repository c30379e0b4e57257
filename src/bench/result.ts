/** What `bench` finds out, as data. */
import { z } from 'zod';
import { FrameProfile } from './profile/result.ts';
import { WindowSpeed } from './window/speed.ts';

export const GraphSpeed = z.object({
  model: z.string(),
  fps: z.number(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  height: z.int(),
});
const delay = z.object({ p50Ms: z.number(), p95Ms: z.number() }); // from a wish to its picture
/** Pictures as a window gets them, over the live line. */
export const LiveSpeed = GraphSpeed.extend({
  engineFps: z.number(), // the same graph without a line, timed in turns with it
  scrub: delay, // one wish at a time; the other figures have two under way
  large: delay.extend({ height: z.int(), fps: z.number() }), // the same at 720 rows
});
export type LiveSpeed = z.infer<typeof LiveSpeed>;
export const BenchResult = z.object({
  chosen: GraphSpeed, // the graph that live pictures are drawn with
  graphs: z.array(GraphSpeed), // each graph, rasteriser and compositor included
  live: LiveSpeed,
  window: WindowSpeed.optional(), // where a browser is installed
  motion: z.object({ xRealtime: z.number() }),
  speech: z.object({
    xRealtime: z.number(), // of a minute that is there whole, on one thread
    coreXRealtime: z.number(), // by processor time: what a core of its own would give
    // Null: an avatar of before. stepMs: for 40 ms of sound; memory: of the whole process after 1, 10, 30 and 60
    // minutes of it
    live: z
      .object({
        stepMs: delay,
        stepCoreMs: z.number(),
        xRealtime: z.number(),
        memory: z.array(z.object({ minutes: z.number(), residentMb: z.number() })),
      })
      .nullable(),
  }),
  export: z.object({ xRealtime: z.number() }), // a portrait of 360 rows
  dub: z.object({ width: z.int(), height: z.int(), xRealtime: z.number() }).optional(), // where the video is there
  memoryMb: z.number(),
  threads: z.int(),
  profile: z.array(FrameProfile).optional(), // where it is asked for
});
export type BenchResult = z.infer<typeof BenchResult>;
