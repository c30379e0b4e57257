/** What can be found out about a file: whether this program made it, and how sure that is. */
import { StudioError } from '../../../shared/contract/index.ts';
import type { CredentialsFound } from '../../../shared/contract/credentials.ts';
import type { MetadataFound, Sureness, VerifyResult } from '../../../shared/contract/verify.ts';
import { NAME } from '../ground/product.ts';
import { requireFile } from '../ground/require-file.ts';
import { sha256Of } from '../library/index.ts';
import type { MediaTools } from '../media/index.ts';
import { readMetadata, readRecord } from './statements.ts';
import { lookForWatermark } from './watermark.ts';

/**
 * `readCredentials` says what Content Credentials it has. Raises StudioError('not-found' | 'bad-request' |
 * 'cancelled').
 */
export async function verifyFile(
  tools: MediaTools,
  path: string,
  readCredentials: (path: string, signal?: AbortSignal) => Promise<CredentialsFound>,
  signal?: AbortSignal,
): Promise<VerifyResult> {
  if ((await requireFile(path)).size === 0)
    throw new StudioError({ code: 'bad-request', message: 'This file is empty.', hint: 'Choose another one.' });
  const reading = readCredentials(path, signal);
  reading.catch(() => undefined); // it is awaited below; until then a failure is not unhandled
  const sha256 = await sha256Of(path);
  const watermark = await lookForWatermark(tools, path, signal);
  const metadata = await readMetadata(tools, path);
  const record = await readRecord(path, sha256);
  const found = { watermark, metadata, record, credentials: await reading };
  return { path, sha256, sureness: surenessOf(found), ...found };
}

function surenessOf({
  watermark,
  metadata,
  record,
  credentials,
}: Pick<VerifyResult, 'watermark' | 'metadata' | 'record' | 'credentials'>): Sureness {
  if (watermark.kind === 'found' || signedHere(credentials)) return 'sure';
  if (watermark.kind === 'likely') return 'likely';
  return record.kind === 'matches' || namesUs(metadata) || signedAsOurs(credentials) ? 'said' : 'nothing';
}

/** By a program that has the key of this library's certificate, which nobody else has. */
function signedHere(found: CredentialsFound): boolean {
  return found.kind === 'valid' && found.certificate === 'local' && signedAsOurs(found);
}

/** Others sign too; and whose certificate is not known may call the program what they like. */
function signedAsOurs(found: CredentialsFound): boolean {
  return found.kind === 'valid' && found.generator?.startsWith(NAME) === true;
}

/** Other programs say too that a picture is made by software. */
function namesUs(metadata: MetadataFound): boolean {
  return metadata.kind === 'found' && (metadata.avatar !== null || metadata.software?.startsWith(NAME) === true);
}
