import { StudioError } from '../../../shared/contract/index.ts';
import { CredentialsFound } from '../../../shared/contract/credentials.ts';
import { beginAsking, type CredentialsPlace } from './trainer.ts';

/** What a file's Content Credentials say, held against it; nothing is fetched. Raises StudioError('cancelled'). */
export async function readCredentials(
  place: CredentialsPlace,
  file: string,
  signal?: AbortSignal,
): Promise<CredentialsFound> {
  try {
    return CredentialsFound.parse(await beginAsking(place, 'credentials').ask({ file }, signal));
  } catch (error) {
    if (!(error instanceof StudioError) || error.code === 'cancelled') throw error;
    return { kind: 'unread', why: error.message };
  }
}
