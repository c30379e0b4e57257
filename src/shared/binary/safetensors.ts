/**
 * Tensor files (https://github.com/huggingface/safetensors): an 8-byte length, a JSON header, the values.
 * Everything a file says about itself is checked against its bytes before an array is made from it.
 */
import { halfToFloat } from './half.ts';

export type Dtype = 'F64' | 'F32' | 'F16' | 'I64' | 'I32' | 'U8';
export type TensorValues = Float64Array | Float32Array | BigInt64Array | Int32Array | Uint8Array;

export interface Tensor {
  /** How the file holds the values; F16 is widened to F32 when read. */
  readonly dtype: Dtype;
  /** Row-major, last dimension fastest; empty for a scalar. */
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The file is not what it says it is; the caller knows what that file was and says so. */
export class TensorFileError extends Error {
  override readonly name = 'TensorFileError';
}

const BYTES: Readonly<Record<Dtype, number>> = { F64: 8, F32: 4, F16: 2, I64: 8, I32: 4, U8: 1 };
/** The reference implementation's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

/** Where a tensor lies, in bytes after the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Reads a whole file. Raises TensorFileError. Values are copied, so `bytes` may be reused. */
export function parseSafetensors(bytes: Uint8Array): TensorFile {
  const { metadata, entries, valuesAt } = parseTensorHeader(bytes, bytes.byteLength);
  const tensors = new Map<string, Tensor>();
  for (const entry of entries)
    tensors.set(entry.name, tensorOf(entry, bytes.subarray(valuesAt + entry.begin, valuesAt + entry.end)));
  return { metadata, tensors };
}

/** Byte at which the values begin, from the file's first eight bytes. Raises TensorFileError. */
export function valuesStart(bytes: Uint8Array, fileBytes: number): number {
  if (bytes.byteLength < 8) throw new TensorFileError('The file is shorter than its 8-byte length field.');
  const declared = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (declared > BigInt(Math.min(MAX_HEADER_BYTES, fileBytes - 8))) {
    throw new TensorFileError(
      `The header says ${declared} bytes, the file has ${fileBytes - 8} after the length field.`,
    );
  }
  return 8 + Number(declared);
}

/**
 * What a file of `fileBytes` bytes holds and where; `bytes` is its beginning, at least to `valuesAt`. Raises
 * TensorFileError.
 */
export function parseTensorHeader(
  bytes: Uint8Array,
  fileBytes: number,
): { metadata: Readonly<Record<string, string>>; entries: readonly TensorEntry[]; valuesAt: number } {
  const valuesAt = valuesStart(bytes, fileBytes);
  const { metadata, entries } = readEntries(parseHeader(bytes.subarray(8, valuesAt)));
  checkLayout(entries, fileBytes - valuesAt);
  return { metadata, entries, valuesAt };
}

/** A tensor from its own bytes, which are copied. Raises TensorFileError. */
export function tensorOf({ name, dtype, shape, begin, end }: TensorEntry, bytes: Uint8Array): Tensor {
  if (bytes.byteLength !== end - begin)
    throw new TensorFileError(`"${name}" takes ${end - begin} bytes, ${bytes.byteLength} are here.`);
  // a Buffer's own slice would share its memory
  return { dtype, shape, values: toValues(dtype, Uint8Array.prototype.slice.call(bytes)) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new TensorFileError('The header is not JSON.');
  }
  if (!isRecord(header)) throw new TensorFileError('The header is not a JSON object.');
  return header;
}

function readEntries(header: Record<string, unknown>): { metadata: Record<string, string>; entries: TensorEntry[] } {
  const metadata: Record<string, string> = {};
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (!isRecord(value)) throw new TensorFileError(`The entry "${name}" is not an object.`);
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(value)) {
        if (typeof text !== 'string') throw new TensorFileError(`The metadata "${key}" is not a string.`);
        metadata[key] = text;
      }
      continue;
    }
    entries.push(readEntry(name, value));
  }
  return { metadata, entries };
}

function readEntry(name: string, value: Record<string, unknown>): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES, dtype))
    throw new TensorFileError(`"${name}" has the type ${String(dtype)}, which is not read here.`);
  if (!isCounts(shape)) throw new TensorFileError(`"${name}" has no valid shape.`);
  if (!isCounts(offsets) || offsets.length !== 2) throw new TensorFileError(`"${name}" has no valid offsets.`);
  const [begin, end] = offsets as [number, number];
  const needed = shape.reduce((product, size) => product * size, 1) * BYTES[dtype as Dtype];
  if (!Number.isSafeInteger(needed) || end - begin !== needed) {
    throw new TensorFileError(
      `"${name}" is ${dtype} [${shape.join(', ')}], ${needed} bytes, but the file holds ${end - begin} for it.`,
    );
  }
  return { name, dtype: dtype as Dtype, shape, begin, end };
}

/** Tensors must cover the rest of the file exactly: no gap, no overlap, nothing after the last. */
function checkLayout(entries: readonly TensorEntry[], total: number): void {
  let expected = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== expected)
      throw new TensorFileError(`"${entry.name}" starts at ${entry.begin} instead of ${expected}.`);
    expected = entry.end;
  }
  if (expected !== total) throw new TensorFileError(`The tensors take ${expected} bytes, the file holds ${total}.`);
}

/** `bytes` starts its own buffer, so every element type is aligned. */
function toValues(dtype: Dtype, bytes: Uint8Array): TensorValues {
  const buffer = bytes.buffer as ArrayBuffer;
  switch (dtype) {
    case 'F64':
      return new Float64Array(buffer);
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToFloat);
    case 'I64':
      return new BigInt64Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'U8':
      return bytes;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
