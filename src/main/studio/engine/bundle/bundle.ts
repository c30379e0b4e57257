import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { type Entry, type ZipFile, openPromise } from 'yauzl';
import { Manifest, StudioError } from '../../../../shared/contract/index.ts';
import { BUNDLE_VERSION, requiredFiles } from '../../../../shared/format/index.ts';
import type { ChosenProvider } from '../providers/index.ts';
import { forbiddenIn } from './model-scan.ts';
import { badBundle, otherVersion } from './refusal.ts';

/** A whole bundle is about 42 MB; these limits keep a hostile one from filling memory. */
const MAX_FILES = 32;
const MAX_FILE_BYTES = 256 * 2 ** 20;
const MAX_TOTAL_BYTES = 512 * 2 ** 20;
const MANIFEST = 'manifest.json';
/** Optional: the motion of a mouth that was fitted on what HuBERT hears. */
export const HUBERT_MOTION_FILE = 'motion-hubert.onnx';
const [STORED, DEFLATED] = [0, 8]; // of a ZIP's ways to pack
const LEAST_CHUNK = 64; // of zlib
/** What cannot be made smaller grows by 5 bytes in 32 kB at most, whatever packs it; by far less than this. */
const MOST_GROWTH = { share: 0.01, bytes: 1024 };
const unpacked = promisify(inflateRaw);
/** As the manifest has them: whatever else an archive calls its files is not repeated to anybody. */
const FILE_NAME = /^[a-z0-9][a-z0-9.-]{0,99}$/;
const MAX_MANIFEST_BYTES = 2 ** 20;

/** An opened `.likeness` file (docs/formats.md): every byte of it has matched the manifest's hash. */
export interface Bundle {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest, which lists every other file's: it names this avatar. */
  readonly id: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What its networks run on, by file; the processor where nothing is said. */
  readonly runsOn?: ReadonlyMap<string, ChosenProvider>;
}

/**
 * Reads and checks a bundle; of files in `unwanted` only the hash is taken. Raises StudioError 'not-found' or
 * 'bad-bundle'.
 */
export async function openBundle(path: string, unwanted: readonly string[] = []): Promise<Bundle> {
  const contents = await unzip(path, unwanted);
  const manifestBytes = contents.get(MANIFEST)?.bytes;
  if (!manifestBytes) throw badBundle('This file is not an avatar: it has no manifest.');
  contents.delete(MANIFEST);
  const manifest = parseManifest(manifestBytes);
  for (const name of requiredFiles(manifest.draws ?? 'std', manifest.checkpoint !== undefined)) {
    if (!manifest.files[name]) throw badBundle(`The avatar is incomplete: ${name} is missing.`);
  }
  if (Boolean(manifest.files[HUBERT_MOTION_FILE]) !== Boolean(manifest.speech.hubert))
    throw badBundle(`The avatar is incomplete: ${HUBERT_MOTION_FILE} and what it hears belong together.`);
  for (const name of contents.keys()) {
    if (!Object.hasOwn(manifest.files, name))
      throw badBundle(`The avatar holds a file its manifest does not list: ${name}.`);
  }
  const files = new Map<string, Uint8Array>();
  for (const [name, expected] of Object.entries(manifest.files)) {
    const found = contents.get(name);
    if (!found) throw badBundle(`The avatar is incomplete: ${name} is missing.`);
    if (found.length !== expected.bytes || found.sha256 !== expected.sha256) {
      throw badBundle(`The avatar is damaged or was changed: ${name} is not what the manifest says.`);
    }
    if (!found.bytes) continue;
    if (name.endsWith('.onnx')) refuseForbidden(name, found.bytes);
    files.set(name, found.bytes);
  }
  return { manifest, id: createHash('sha256').update(manifestBytes).digest('hex'), files };
}

/** What a bundle says it is; none of its other files is looked at. Raises StudioError 'not-found' or 'bad-bundle'. */
export async function readManifest(path: string): Promise<Manifest> {
  const bytes = (await unzip(path, [], MANIFEST)).get(MANIFEST)?.bytes;
  if (!bytes) throw badBundle('This file is not an avatar: it has no manifest.');
  return parseManifest(bytes);
}

/** The same avatar with only these files in memory. */
export function onlyFiles({ files, ...bundle }: Bundle, names: readonly string[]): Bundle {
  return { ...bundle, files: new Map([...files].filter(([name]) => names.includes(name))) };
}

/** Less memory than this is not worth asking back; small files may lie together. */
const LARGE_BYTES = 2 ** 20;

/** Gives the memory of all other files back at once; a collection of garbage would come much later. */
export function letGo({ files }: Bundle, kept: readonly string[]): void {
  for (const [name, { buffer, byteLength }] of files)
    if (!kept.includes(name) && byteLength >= LARGE_BYTES) (buffer as ArrayBuffer).transfer(0);
}

interface Content {
  readonly length: number;
  readonly sha256: string;
  readonly bytes?: Uint8Array;
}

/** `only`: the one file that is read. */
async function unzip(path: string, unwanted: readonly string[], only?: string): Promise<Map<string, Content>> {
  let zip: ZipFile;
  try {
    zip = await openPromise(path, {
      lazyEntries: true,
      strictFileNames: true,
      validateEntrySizes: true,
      autoClose: false,
    });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new StudioError(
        {
          code: 'not-found',
          message: 'There is no avatar at this place.',
          hint: 'Train the project first, or check the path.',
          detail: path,
        },
        { cause },
      );
    }
    throw badBundle('This file is not an avatar: it is not a ZIP archive.', String(cause), cause);
  }
  const contents = new Map<string, Content | Promise<Content>>();
  let total = 0;
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    if (zip.entryCount > MAX_FILES)
      throw badBundle(`The archive holds ${zip.entryCount} files; an avatar has at most ${MAX_FILES}.`);
    for await (const entry of zip.eachEntry()) {
      if (!FILE_NAME.test(entry.fileName)) throw badBundle('The archive holds a file that is no part of an avatar.');
      total += entry.uncompressedSize;
      const mostPacked = entry.uncompressedSize * (1 + MOST_GROWTH.share) + MOST_GROWTH.bytes;
      if (entry.uncompressedSize > MAX_FILE_BYTES || total > MAX_TOTAL_BYTES || entry.compressedSize > mostPacked)
        throw badBundle('The archive is far larger than an avatar.');
      if (contents.has(entry.fileName)) throw badBundle(`The archive holds ${entry.fileName} twice.`);
      if (only !== undefined && entry.fileName !== only) continue;
      const packed = await packedBytes(file, zip, entry);
      const content = contentOf(packed, entry, !unwanted.includes(entry.fileName)); // while the next is being read
      content.catch(() => undefined); // it is awaited below; until then a failure is not unhandled
      contents.set(entry.fileName, content);
    }
    for (const [name, content] of contents) contents.set(name, await content);
    return contents as Map<string, Content>;
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw badBundle('The avatar is damaged: the archive cannot be read.', String(cause), cause);
  } finally {
    zip.close();
    await file?.close();
  }
}

/** Read in one go: in yauzl's pieces of 64 kB a hundred times as many calls are waited for. */
async function packedBytes(file: FileHandle, zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw new Error('It is packed in another way than an avatar.');
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = new Uint8Array(entry.compressedSize);
  const { bytesRead } = await file.read(packed, 0, packed.length, fileDataStart);
  if (bytesRead < packed.length) throw new Error(`${entry.fileName} goes beyond the end.`);
  return packed;
}

/**
 * The entry's hash and, if they are kept, its bytes, which are at most as many as it declares. Unpacked in one go: as a
 * stream of pieces it takes half as long again.
 */
async function contentOf(packed: Uint8Array, entry: Entry, keep: boolean): Promise<Content> {
  const size = entry.uncompressedSize;
  const bytes =
    entry.compressionMethod === STORED || size === 0
      ? packed
      : await unpacked(packed, { chunkSize: Math.max(size, LEAST_CHUNK), maxOutputLength: size });
  if (bytes.byteLength !== size) throw badBundle(`The avatar is damaged: ${entry.fileName} is cut short.`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { length: size, sha256, ...(keep ? { bytes: exactly(bytes) } : {}) };
}

/** In a buffer of its own, which holds nothing else. */
function exactly(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function parseManifest(bytes: Uint8Array): Manifest {
  if (bytes.byteLength > MAX_MANIFEST_BYTES) throw badBundle('The avatar has an oversized manifest.');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw badBundle('The avatar has an unreadable manifest.', undefined, cause);
  }
  const { format, version } = (json ?? {}) as { format?: unknown; version?: unknown };
  if (format === 'likeness' && typeof version === 'number' && version !== BUNDLE_VERSION)
    throw otherVersion(
      version > BUNDLE_VERSION,
      `The format is version ${version}; this program reads ${BUNDLE_VERSION}.`,
    );
  const parsed = Manifest.safeParse(json);
  if (!parsed.success) throw badBundle('The avatar has a manifest that does not fit the format.', parsed.error.message);
  return parsed.data;
}

function refuseForbidden(name: string, model: Uint8Array): void {
  let forbidden: string | undefined;
  try {
    forbidden = forbiddenIn(model);
  } catch (cause) {
    throw badBundle(`The avatar holds a damaged model: ${name}.`, String(cause), cause);
  }
  if (forbidden !== undefined)
    throw badBundle(`The avatar's model ${name} asks for ${forbidden}, which is not allowed.`);
}
