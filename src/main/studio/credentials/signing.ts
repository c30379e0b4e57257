import { z } from 'zod';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Signed } from '../../../shared/contract/credentials.ts';
import type { SignedFormat } from '../../../shared/domain/film/index.ts';
import { beginAsking, type CredentialsPlace } from './trainer.ts';

/** Something that signs one file, begun before there is one. */
export interface Signing {
  /**
   * Puts a manifest into a finished file that has not got its name yet. A file that cannot be signed stays as it is,
   * and why is told: nothing that was made is lost over its credentials. `beside`: where the manifest goes
   * instead, of a format that has no place for one. Raises StudioError('cancelled').
   */
  sign(file: string, format: SignedFormat, manifest: object, beside?: string): Promise<Signed>;
  /** Settles when nothing of it runs. */
  close(): Promise<void>;
}

/** What signs, or why nothing does. */
export type SigningOrNot = Pick<Signing, 'sign'> | { readonly unsigned: string };

/** Lets something be made with what signs it, which is begun before, so that nothing waits for it at the end. */
export async function withSigning<T>(
  place: CredentialsPlace,
  on: boolean,
  make: (signing: SigningOrNot) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (!on) return make({ unsigned: 'Content Credentials are switched off.' });
  const signing = beginSigning(place, signal);
  try {
    return await make(signing);
  } finally {
    await signing.close();
  }
}

const Answer = z.object({ signer: z.string(), certificate: z.enum(['local', 'own']) });

export function beginSigning(place: CredentialsPlace, signal?: AbortSignal): Signing {
  let begun: ReturnType<typeof beginAsking<'sign'>>;
  try {
    begun = beginAsking(place, 'sign');
  } catch (error) {
    return { sign: async () => unsigned(error), close: async () => undefined };
  }
  return {
    async sign(file, format, manifest, beside) {
      try {
        const answer = await begun.ask({ file, format, manifest: JSON.stringify(manifest), beside }, signal);
        return { kind: 'signed', ...Answer.parse(answer), ...(beside === undefined ? {} : { path: beside }) };
      } catch (error) {
        return unsigned(error);
      }
    },
    close: () => begun.close(),
  };
}

/** Raises StudioError('cancelled'), and what is a bug. */
function unsigned(error: unknown): Signed {
  if (!(error instanceof StudioError) || error.code === 'cancelled') throw error;
  return { kind: 'unsigned', why: `${error.message} ${error.hint}` };
}
