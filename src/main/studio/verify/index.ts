/** What can be found out about a file: whether this program made it, and how sure that is. */
import { StudioError } from '../../../shared/contract/index.ts';
import type { MetadataFound, Sureness, VerifyResult } from '../../../shared/contract/verify.ts';
import { NAME } from '../ground/product.ts';
import { requireFile } from '../ground/require-file.ts';
import { sha256Of } from '../library/index.ts';
import type { MediaTools } from '../media/index.ts';
import { readMetadata, readRecord } from './statements.ts';
import { lookForWatermark } from './watermark.ts';

/** Raises StudioError('not-found' | 'bad-request' | 'cancelled'). */
export async function verifyFile(tools: MediaTools, path: string, signal?: AbortSignal): Promise<VerifyResult> {
  if ((await requireFile(path)).size === 0)
    throw new StudioError({ code: 'bad-request', message: 'This file is empty.', hint: 'Choose another one.' });
  const sha256 = await sha256Of(path);
  const watermark = await lookForWatermark(tools, path, signal);
  const metadata = await readMetadata(tools, path);
  const record = await readRecord(path, sha256);
  return { path, sha256, sureness: surenessOf({ watermark, metadata, record }), watermark, metadata, record };
}

function surenessOf({
  watermark,
  metadata,
  record,
}: Pick<VerifyResult, 'watermark' | 'metadata' | 'record'>): Sureness {
  if (watermark.kind === 'found') return 'sure';
  if (watermark.kind === 'likely') return 'likely';
  return record.kind === 'matches' || namesUs(metadata) ? 'said' : 'nothing';
}

/** Other programs say too that a picture is made by software. */
function namesUs(metadata: MetadataFound): boolean {
  return metadata.kind === 'found' && (metadata.avatar !== null || metadata.software?.startsWith(NAME) === true);
}
