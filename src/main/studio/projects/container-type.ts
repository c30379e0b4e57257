import { open } from 'node:fs/promises';

const HEAD_BYTES = 64;
const UNKNOWN = 'application/octet-stream';

/**
 * The type of a film, a sound or a saved frame by what it holds, whatever it is called: a name is chosen by whoever
 * made the file, and under the name of a page it would be one of ours. What is not known is bytes, which no browser
 * shows as a page.
 */
export async function containerType(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined); // one that is not there is told where it is sent
  if (!handle) return UNKNOWN;
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return typeOf(head.subarray(0, bytesRead).toString('latin1'));
  } finally {
    await handle.close();
  }
}

/** By their brand, and by the kind of their chunks. */
const FTYP: Readonly<Record<string, string>> = { 'qt  ': 'video/quicktime', 'M4A ': 'audio/mp4' };
const RIFF: Readonly<Record<string, string>> = {
  'AVI ': 'video/x-msvideo',
  WAVE: 'audio/wav',
  WEBP: 'image/webp',
};

function typeOf(head: string): string {
  if (head.startsWith('ftyp', 4)) return FTYP[head.slice(8, 12)] ?? 'video/mp4';
  if (['moov', 'mdat', 'wide', 'free'].includes(head.slice(4, 8))) return 'video/quicktime'; // from before `ftyp`
  if (head.startsWith('\x1a\x45\xdf\xa3')) return head.includes('webm') ? 'video/webm' : 'video/x-matroska';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('PK\x03\x04')) return 'application/zip';
  if (!head.startsWith('RIFF')) return UNKNOWN;
  return RIFF[head.slice(8, 12)] ?? UNKNOWN;
}
