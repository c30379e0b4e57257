import { z } from 'zod';
import { FileRef } from './refs.ts';

/** Whether a file was signed with Content Credentials: by whom, or why it was not. */
export const Signed = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('signed'),
    signer: z.string(),
    certificate: z.enum(['local', 'own']),
    path: z.string().optional(), // of a file beside it that holds them, for formats that have no place for them
  }),
  z.object({ kind: z.literal('unsigned'), why: z.string() }),
]);
export type Signed = z.infer<typeof Signed>;
/** Who signs exports, and whose word counts when files of others are checked. Names are the certificates'. */
export const CertificateInUse = z.object({
  certificate: z.enum(['local', 'own']),
  signer: z.string(),
  issuer: z.string(),
  expires: z.iso.datetime(),
  trusted: z.array(z.string()),
});
export type CertificateInUse = z.infer<typeof CertificateInUse>;
/** What is changed about that; PEM files. */
export const CertificateWish = z.object({
  /** What signs, followed by those that issued it, and its key; `local`: the library's own signs again. */
  own: z.union([z.object({ certificate: FileRef, key: FileRef }), z.literal('local')]).optional(),
  /** Certificates whose word counts, in place of those before. */
  trust: z.union([FileRef, z.literal('nobody')]).optional(),
});
export type CertificateWish = z.infer<typeof CertificateWish>;
/** Whether exports are signed, and by whom. */
export const CredentialsResult = CertificateInUse.extend({ on: z.boolean() });
export type CredentialsResult = z.infer<typeof CredentialsResult>;

/** Who signed, and what they say of the file; texts are theirs. */
const signed = {
  signer: z.string().nullable(),
  /** This library's local one, the user's own, one that somebody they trust vouches for, or one that is not known. */
  certificate: z.enum(['local', 'own', 'trusted', 'unknown']),
  generator: z.string().nullable(), // the program that made it
  title: z.string().nullable(),
  generated: z.boolean(), // says that software made what it shows, or part of it
  actions: z.array(z.string()), // by C2PA's names, such as c2pa.created
  ingredients: z.array(z.object({ title: z.string().nullable(), relationship: z.string().nullable() })),
};
/** The Content Credentials (C2PA) in a file: what was signed, and whether that still is so. */
export const CredentialsFound = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('valid'), ...signed }),
  // the file or what it says, since it was signed; `problems` by C2PA's names
  z.object({ kind: z.literal('changed'), ...signed, problems: z.array(z.string()) }),
  z.object({ kind: z.literal('invalid'), ...signed, problems: z.array(z.string()) }), // wrong in another way
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('unread'), why: z.string() }),
]);
export type CredentialsFound = z.infer<typeof CredentialsFound>;
