import { z } from 'zod';

/** Whether a file was signed with Content Credentials: by whom, or why it was not. */
export const Signed = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signed'), signer: z.string(), certificate: z.enum(['local', 'own']) }),
  z.object({ kind: z.literal('unsigned'), why: z.string() }),
]);
export type Signed = z.infer<typeof Signed>;
/** Who signs exports. */
export const CertificateInUse = z.object({
  certificate: z.enum(['local', 'own']),
  signer: z.string(),
  expires: z.iso.datetime(),
});
export type CertificateInUse = z.infer<typeof CertificateInUse>;
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
