import { CertificateInUse } from '../../../shared/contract/credentials.ts';
import { beginAsking, type CredentialsPlace } from './trainer.ts';

/** What is changed about who signs; PEM files. */
export interface CertificateChange {
  /** What signs, followed by those that vouch for it, and its key; `local`: the library's own is used again. */
  readonly own?: { readonly certificate: string; readonly key: string } | 'local' | undefined;
  /** Certificates of those whose word counts when others' files are read, in place of those before; null: nobody's. */
  readonly trust?: string | null | undefined;
}

/**
 * Takes in what is given, and answers who signs from now on; a local certificate is made where there is none. Raises
 * StudioError: 'bad-request' (it cannot sign, and why), 'not-found', 'missing-tool'; what was there then stays.
 */
export async function certificateInUse(
  place: CredentialsPlace,
  { own, trust }: CertificateChange = {},
  signal?: AbortSignal,
): Promise<CertificateInUse> {
  const forget = [...(own === 'local' ? ['own' as const] : []), ...(trust === null ? ['trust' as const] : [])];
  const taken = { own: own === 'local' ? undefined : own, trust: trust ?? undefined };
  return CertificateInUse.parse(await beginAsking(place, 'certificate').ask({ ...taken, forget }, signal));
}
