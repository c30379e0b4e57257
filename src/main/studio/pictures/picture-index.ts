import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { doubles, parseSafetensors, TensorFileError, writeSafetensors } from '../../../shared/binary/index.ts';

export const PICTURES_FILE = 'frames.mjpeg';
export const INDEX_FILE = 'index.safetensors';
const FORMAT = { format: 'likeness.pictures', version: '1' } as const;

/** All pictures of a source. Picture k is the JPEG at bytes offsets[k] to offsets[k + 1] (not included) of `file`. */
export interface Pictures {
  readonly file: string;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly offsets: Float64Array; // [frames + 1]
  /** Presentation time, seconds, ascending. */
  readonly times: Float64Array; // [frames]
  /** Another one whenever the pictures are others. */
  readonly version: string;
}

export function encodeIndex({
  width,
  height,
  offsets,
  times,
}: Pick<Pictures, 'width' | 'height' | 'offsets' | 'times'>): Uint8Array {
  const tensors = {
    offset: { shape: [offsets.length], values: offsets },
    time: { shape: [times.length], values: times },
  };
  return writeSafetensors(tensors, { ...FORMAT, width: String(width), height: String(height) });
}

/** Whether there are pictures in a folder, without looking at them. */
export function arePicturesMade(folder: string): boolean {
  return existsSync(join(folder, INDEX_FILE));
}

/** The pictures in a folder; undefined when there are none, or none that can be used. */
export async function readPictures(folder: string): Promise<Pictures | undefined> {
  const [file, index] = [join(folder, PICTURES_FILE), join(folder, INDEX_FILE)];
  const [pictures, made] = await Promise.all([file, index].map((path) => stat(path).catch(() => undefined)));
  if (!pictures?.isFile() || !made?.isFile()) return undefined;
  const stamp = `${pictures.size} ${pictures.mtimeMs} ${made.size} ${made.mtimeMs}`;
  const known = read.get(folder);
  if (known?.stamp === stamp) return known.pictures;
  const decoded = decodeIndex(await readFile(index), file, pictures.size);
  read.set(folder, { stamp, pictures: decoded });
  return decoded;
}

/** Every single picture is looked up in its index. */
const read = new Map<string, { readonly stamp: string; readonly pictures: Pictures | undefined }>();

function decodeIndex(bytes: Uint8Array, file: string, size: number): Pictures | undefined {
  try {
    const index = parseSafetensors(bytes);
    const [times, offsets] = [doubles(index, 'time', ['frames']), doubles(index, 'offset', ['ends'])];
    const [width, height] = [Number(index.metadata['width']), Number(index.metadata['height'])];
    const whole =
      index.metadata['format'] === FORMAT.format &&
      index.metadata['version'] === FORMAT.version &&
      width > 0 &&
      height > 0;
    const fits =
      times.length > 0 &&
      offsets.length === times.length + 1 &&
      offsets[0] === 0 &&
      offsets.at(-1) === size &&
      offsets.every((offset, k) => k === 0 || offset > offsets[k - 1]!);
    if (!whole || !fits) return undefined;
    return {
      file,
      frames: times.length,
      width,
      height,
      offsets,
      times,
      version: createHash('sha256').update(bytes).digest('hex').slice(0, 12),
    };
  } catch (error) {
    if (error instanceof TensorFileError) return undefined;
    throw error;
  }
}
