import { z } from 'zod';
import { StudioErrorShape } from './errors.ts';
import { Background, FilmFormat, Quality, Shape } from '../domain/film/index.ts';
import { Speech } from '../domain/take.ts';

/** What one of a farm's computers is asked for: a film of an avatar that says a sound. */
const Film = z.object({
  /** What the file is called. */
  name: z.string().regex(/^[^/\\\0]+$/),
  look: z.object({
    mode: z.enum(['dub', 'portrait']),
    height: z.union([z.int(), z.literal('source')]),
    format: FilmFormat,
    quality: Quality,
    shape: Shape,
    background: Background, // its file is one of the order's
  }),
  speech: Speech.partial(),
  madeOf: z.string(),
});
export type OrderedFilm = z.infer<typeof Film>;

/** The same there, with the files that came and a folder for what is made. */
export const Order = Film.extend({
  files: z.object({
    avatar: z.string(),
    sound: z.string(),
    times: z.string().optional(), // when what is said in the sound
    background: z.string().optional(),
  }),
  folder: z.string(),
});
export type Order = z.infer<typeof Order>;

export const Made = z.object({ frames: z.int(), seconds: z.number() });
export type Made = z.infer<typeof Made>;

/** Of a farm; `films` at a time, `alive` false for one that was lost. */
const Computers = z.array(z.object({ address: z.string(), alive: z.boolean(), films: z.int() }));
export const FarmStarted = z.object({ address: z.string(), token: z.string() });
export const FarmJoined = z.object({ address: z.string() });
export const FarmStatus = z.object({ address: z.string(), computers: Computers });
export type FarmStatus = z.infer<typeof FarmStatus>;

/** A line of what Ray's side says (trainer/likeness_farm). */
export const FarmAnswer = z.discriminatedUnion('type', [
  Made.extend({ type: z.literal('made'), row: z.int(), where: z.string(), folder: z.string() }),
  z.object({ type: z.literal('failed'), row: z.int(), error: StudioErrorShape.partial() }),
  z.object({ type: z.literal('computers'), computers: Computers }),
]);
export type FarmAnswer = z.infer<typeof FarmAnswer>;
