/** The tiny avatar of the repository (made by `trainer/tests/tiny_avatar.py`), and changed copies of it. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { ZipFile } from 'yazl';
import { openBundle } from './bundle/index.ts';

export const TINY = fileURLToPath(new URL('./fixtures/tiny.likeness', import.meta.url));

export interface Change {
  /** Files to put in place of the tiny avatar's; null leaves one out. The manifest is made to fit. */
  readonly files?: Readonly<Record<string, Uint8Array | null>>;
  /** Changes the finished manifest. */
  readonly manifest?: (manifest: Record<string, unknown>) => void;
}

/** Writes a copy of the tiny avatar with a consistent manifest, changed as asked. */
export async function changedBundle(path: string, { files: changed = {}, manifest: edit }: Change): Promise<string> {
  const { manifest, files } = await openBundle(TINY);
  const contents = new Map(files);
  for (const [name, bytes] of Object.entries(changed)) {
    if (bytes) contents.set(name, bytes);
    else contents.delete(name);
  }
  const entries = [...contents].map(([name, bytes]) => [
    name,
    { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.byteLength },
  ]);
  const document: Record<string, unknown> = { ...manifest, files: Object.fromEntries(entries) };
  edit?.(document);
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(JSON.stringify(document)), 'manifest.json');
  for (const [name, bytes] of contents) zip.addBuffer(Buffer.from(bytes), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

/** Writes a copy of the tiny avatar that hears live sound (`trainer/tests/tiny_live.py`): it opens as that is loud. */
export async function listeningBundle(path: string): Promise<string> {
  const live = await readFile(new URL('./fixtures/live.onnx', import.meta.url));
  return changedBundle(path, { files: { 'live.onnx': live } });
}

/** What `hearingBundle` hears: `fixtures/hubert/layer-1.onnx` (`trainer/tests/tiny_hubert.py`). */
export const TINY_HUBERT = { sha256: 'ab'.repeat(32), layer: 1, size: 2 };
export const TINY_HUBERT_GRAPH = fileURLToPath(new URL('./fixtures/hubert/layer-1.onnx', import.meta.url));

/** Writes a copy of the tiny avatar that was trained with a HuBERT: its mouth opens as that hears loudness. */
export async function hearingBundle(path: string, hubert: Readonly<Record<string, unknown>> = TINY_HUBERT) {
  const motion = await readFile(new URL('./fixtures/motion-hubert.onnx', import.meta.url));
  return changedBundle(path, {
    files: { 'motion-hubert.onnx': motion },
    manifest: (manifest) => (manifest['speech'] = { ...(manifest['speech'] as object), hubert }),
  });
}

/**
 * Writes a copy of the tiny avatar that knows other mouths (`trainer/tests/tiny_variation.py`): the first number of a
 * latent opens it.
 */
export async function variedBundle(path: string): Promise<string> {
  const [variation, motion] = await Promise.all(
    ['variation.onnx', 'motion-varied.onnx'].map((name) => readFile(new URL(`./fixtures/${name}`, import.meta.url))),
  );
  return changedBundle(path, { files: { 'variation.onnx': variation!, 'motion.onnx': motion! } });
}
