import { z } from 'zod';
import { CredentialsFound } from './credentials.ts';

/** The watermark in a file's pictures. `score`: how far its pattern stands out; `avatar`: the hash's first digits. */
export const WatermarkFound = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('found'), score: z.number(), avatar: z.string() }),
  z.object({ kind: z.literal('likely'), score: z.number() }), // there, but not to be read
  z.object({ kind: z.literal('none'), score: z.number() }),
  z.object({ kind: z.literal('unread'), why: z.string() }), // no pictures, or none that can be read
]);
export type WatermarkFound = z.infer<typeof WatermarkFound>;

/** What the file says of itself in plain words, which anybody can write or take away. */
export const MetadataFound = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('found'),
    generated: z.boolean(), // says that it is made by software
    software: z.string().nullable(),
    avatar: z.string().nullable(), // its hash
  }),
  z.object({ kind: z.literal('none') }),
]);
export type MetadataFound = z.infer<typeof MetadataFound>;

const recorded = { avatar: z.string(), name: z.string(), createdAt: z.string(), producer: z.string() };
/** `FILE.provenance.json` beside it: of this very file, or of one that was changed since. */
export const RecordFound = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('matches'), ...recorded }),
  z.object({ kind: z.literal('other'), ...recorded }),
  z.object({ kind: z.literal('unreadable') }),
  z.object({ kind: z.literal('none') }),
]);
export type RecordFound = z.infer<typeof RecordFound>;

/**
 * How sure it is that this program made the pictures: by the watermark or a signature of this library, by what is only
 * said, not at all.
 */
export const Sureness = z.enum(['sure', 'likely', 'said', 'nothing']);
export type Sureness = z.infer<typeof Sureness>;

/** What was found out about a file. */
export const VerifyResult = z.object({
  path: z.string(),
  sha256: z.string(),
  sureness: Sureness,
  watermark: WatermarkFound,
  metadata: MetadataFound,
  record: RecordFound,
  credentials: CredentialsFound,
});
export type VerifyResult = z.infer<typeof VerifyResult>;
